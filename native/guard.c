#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Other code may put its handler over ours while a probe runs, and then calls ours as its predecessor for ever. What
 * such a handler goes on to must never change again, else the two could call each other in a ring: so there are a few
 * handlers, each with predecessors of its own, and one that was covered is not used again before it is on top again.
 */
#define LEVELS 4
static const int signals[] = {SIGBUS, SIGSEGV};
#define SIGNALS 2

struct level {
    struct sigaction previous[SIGNALS];
    bool covered[SIGNALS];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct level levels[LEVELS];
static unsigned inside; /* threads between enter and leave */
static int top[SIGNALS]; /* the level in place */

/* Static TLS (see build.sh): the first look at it in a handler must not allocate. */
static _Thread_local struct guard *volatile armed;

static bool is_ours(const siginfo_t *info)
{
    struct guard *guard = armed;
    if (guard == NULL || info->si_code <= 0) return false; /* not positive: another process sent it */
    uintptr_t at = (uintptr_t)info->si_addr;
    /* The kernel cannot always tell the address, and then says 0: a non-canonical address, an external abort. */
    return at == 0 || at - guard->address < guard->size;
}

static void chain(const struct sigaction *previous, int number, siginfo_t *info, void *context)
{
    if (previous->sa_flags & SA_SIGINFO) {
        previous->sa_sigaction(number, info, context);
        return;
    }
    if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
        previous->sa_handler(number);
        return;
    }
    if (previous->sa_handler == SIG_IGN && info->si_code <= 0) return;
    /* The default, which the faulting instruction meets when it is run again. A signal that was sent comes once. */
    signal(number, SIG_DFL);
    if (info->si_code <= 0) raise(number);
}

static void handle(int level, int number, siginfo_t *info, void *context)
{
    if (is_ours(info)) {
        struct guard *guard = armed;
        armed = NULL;
        siglongjmp(guard->back, 1);
    }
    chain(&levels[level].previous[number == SIGBUS ? 0 : 1], number, info, context);
}

static void handle0(int number, siginfo_t *info, void *context) { handle(0, number, info, context); }

static void handle1(int number, siginfo_t *info, void *context) { handle(1, number, info, context); }

static void handle2(int number, siginfo_t *info, void *context) { handle(2, number, info, context); }

static void handle3(int number, siginfo_t *info, void *context) { handle(3, number, info, context); }

static void (*const handlers[LEVELS])(int, siginfo_t *, void *) = {handle0, handle1, handle2, handle3};

static int level_of(const struct sigaction *action)
{
    for (int level = 0; level < LEVELS; level++)
        if ((action->sa_flags & SA_SIGINFO) && action->sa_sigaction == handlers[level]) return level;
    return -1;
}

static int32_t install(int signal_index)
{
    struct sigaction current;
    sigaction(signals[signal_index], NULL, &current);
    int level = level_of(&current);
    if (level < 0) {
        for (level = 0; level < LEVELS && levels[level].covered[signal_index]; level++) {}
        if (level == LEVELS) return -EBUSY;
        /* Before the handler is in place: another thread may fault at once. */
        levels[level].previous[signal_index] = current;
        /* The mask and flags of the one before: it must run as if it had been called first, and need not return. */
        struct sigaction ours = current;
        bool handled = (current.sa_flags & SA_SIGINFO) || (current.sa_handler != SIG_DFL && current.sa_handler != SIG_IGN);
        if (!handled) {
            ours.sa_flags = 0;
            sigemptyset(&ours.sa_mask);
        }
        ours.sa_flags = (ours.sa_flags & ~SA_RESETHAND) | SA_SIGINFO | SA_ONSTACK;
        ours.sa_sigaction = handlers[level];
        sigaction(signals[signal_index], &ours, NULL);
    }
    levels[level].covered[signal_index] = false;
    top[signal_index] = level;
    return 0;
}

static void restore(int signal_index)
{
    struct sigaction current;
    sigaction(signals[signal_index], NULL, &current);
    struct level *level = &levels[top[signal_index]];
    if (level_of(&current) == top[signal_index])
        sigaction(signals[signal_index], &level->previous[signal_index], NULL);
    else
        level->covered[signal_index] = true;
}

int32_t guard_enter(void)
{
    int32_t error = 0;
    pthread_mutex_lock(&lock);
    if (inside == 0) {
        error = install(0);
        if (error == 0) {
            error = install(1);
            if (error != 0) restore(0);
        }
    }
    if (error == 0) inside++;
    pthread_mutex_unlock(&lock);
    return error;
}

void guard_leave(void)
{
    pthread_mutex_lock(&lock);
    if (--inside == 0)
        for (int i = 0; i < SIGNALS; i++) restore(i);
    pthread_mutex_unlock(&lock);
}

void guard_arm(struct guard *guard) { armed = guard; }

void guard_disarm(void) { armed = NULL; }
