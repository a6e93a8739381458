/* The guarded probe among other code's signal handlers: compiled and run by ProbeHandlerTests. Prints a line for each
 * check that fails; 0 when there is none. */
#define _GNU_SOURCE
#include "rawio.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;
#define CHECK(what) do { if (!(what)) { printf("line %d: %s\n", __LINE__, #what); failures++; } } while (0)

static unsigned char *good, *bad_bus, *bad_segv;
static volatile sig_atomic_t foreign_calls, sent_calls;
static sigjmp_buf out_of_foreign;

static void *handler_of(int number)
{
    struct sigaction action;
    sigaction(number, NULL, &action);
    return (action.sa_flags & SA_SIGINFO) ? (void *)action.sa_sigaction : (void *)action.sa_handler;
}

/* As the runtime's does: does not return to the fault. */
static void foreign(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    foreign_calls++;
    if (info->si_code <= 0) { sent_calls++; return; }
    siglongjmp(out_of_foreign, 1);
}

static void put_foreign(void)
{
    struct sigaction action = {.sa_sigaction = foreign, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

static void bounds(void)
{
    uint64_t value = 42;
    errno = 77;
    CHECK(rawio_try_read(good, 3, &value) == -EINVAL);
    CHECK(rawio_try_read(good, 0, &value) == -EINVAL);
    CHECK(rawio_try_read(bad_bus, 4, &value) == -EFAULT);
    CHECK(rawio_try_read(bad_segv, 4, &value) == -EFAULT);
    CHECK(rawio_try_read((void *)(uintptr_t)0x8000000000000000, 4, &value) == -EFAULT); /* x86: non-canonical, the kernel tells no address */
    CHECK(value == 42 && errno == 77);
    for (uint32_t size = 1; size <= 8; size *= 2) {
        memset(good, 0xee, 16);
        CHECK(rawio_try_write(good + 8, size, 0x8877665544332211) == 0);
        CHECK(good[7] == 0xee && good[8] == 0x11 && good[8 + size] == (size == 8 ? 0 : 0xee));
        CHECK(rawio_try_read(good + 8, size, &value) == 0);
        CHECK(value == (0x8877665544332211 & (~0ull >> (64 - 8 * size))));
        CHECK(rawio_try_write(bad_bus, size, 1) == -EFAULT);
        CHECK(rawio_try_write(bad_segv, size, 1) == -EFAULT);
        good[16] = 0;
    }
}

static void *prober(void *unused)
{
    uint64_t value;
    for (int i = 0; i < 2000; i++) {
        if (rawio_try_read(i & 1 ? bad_bus : bad_segv, 4, &value) != -EFAULT) return (void *)1;
        if (rawio_try_read(good, 1, &value) != 0) return (void *)2;
    }
    return unused;
}

static _Thread_local sigjmp_buf own_back;
static void many_foreign(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info, (void)context;
    siglongjmp(own_back, 1);
}

static void *faulter(void *unused)
{
    (void)unused;
    for (volatile int i = 0; i < 2000; i++)
        if (sigsetjmp(own_back, 1) == 0) { *(volatile int *)bad_segv; return (void *)3; }
    return NULL;
}

static void threads(void)
{
    struct sigaction action = {.sa_sigaction = many_foreign, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    pthread_t all[8];
    for (int i = 0; i < 8; i++) pthread_create(&all[i], NULL, i < 5 ? prober : faulter, NULL);
    for (int i = 0; i < 8; i++) {
        void *result;
        pthread_join(all[i], &result);
        CHECK(result == NULL);
    }
    CHECK(handler_of(SIGSEGV) == (void *)many_foreign && handler_of(SIGBUS) == (void *)many_foreign);
}

/* What a probe does first and last: between them the handlers are in place. */
int32_t guard_enter(void);
void guard_leave(void);

static void chains(void)
{
    put_foreign();
    sigset_t before, after;
    sigprocmask(SIG_SETMASK, NULL, &before);
    CHECK(guard_enter() == 0);
    CHECK(handler_of(SIGSEGV) != (void *)foreign);
    int was = foreign_calls;
    if (sigsetjmp(out_of_foreign, 0) == 0) { *(volatile int *)bad_segv; CHECK(!"not reached"); }
    CHECK(foreign_calls == was + 1);
    /* SA_NODEFER and the mask of the one before hold under ours: nothing is blocked after a handler that never returned. */
    sigprocmask(SIG_SETMASK, NULL, &after);
    CHECK(memcmp(&before, &after, 8) == 0);
    raise(SIGBUS);
    CHECK(sent_calls == 1);
    guard_leave();
    CHECK(handler_of(SIGSEGV) == (void *)foreign && handler_of(SIGBUS) == (void *)foreign);
}

#define OVER(n) \
    static struct sigaction covered##n; \
    static void over##n(int number, siginfo_t *info, void *context) \
    { \
        foreign_calls++; \
        covered##n.sa_sigaction(number, info, context); \
    }
OVER(0)
OVER(1)
OVER(2)
OVER(3)

static void cover(void (*handler)(int, siginfo_t *, void *), struct sigaction *covered)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_NODEFER};
    CHECK(guard_enter() == 0);
    sigaction(SIGSEGV, &action, covered);
    guard_leave();
    CHECK(handler_of(SIGSEGV) == (void *)handler);
    CHECK(handler_of(SIGBUS) == (void *)foreign);
}

static void goes_through(int foreign_handlers)
{
    uint64_t value;
    CHECK(rawio_try_read(bad_segv, 4, &value) == -EFAULT);
    CHECK(rawio_try_read(good, 4, &value) == 0);
    int was = foreign_calls;
    if (sigsetjmp(out_of_foreign, 1) == 0) { *(volatile int *)bad_segv; CHECK(!"not reached"); }
    CHECK(foreign_calls == was + foreign_handlers);
}

/* Others put theirs over ours in the midst of a probe and go on to ours for ever: no ring, theirs is left, ours works. */
static void covers(void)
{
    uint64_t value;
    put_foreign();
    cover(over0, &covered0);
    goes_through(2);
    cover(over1, &covered1);
    goes_through(3);
    sigaction(SIGSEGV, &covered1, NULL); /* put back: ours is on top with nobody inside, and makes room again */
    goes_through(2);
    CHECK(handler_of(SIGSEGV) == (void *)over0);
    cover(over1, &covered1);
    cover(over2, &covered2);
    goes_through(4);
    cover(over3, &covered3);
    CHECK(rawio_try_read(good, 4, &value) == -EBUSY);
    CHECK(handler_of(SIGSEGV) == (void *)over3 && handler_of(SIGBUS) == (void *)foreign);
}

static int dies(void (*how)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { how(); _exit(99); }
    int status;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void default_fault(void)
{
    signal(SIGSEGV, SIG_DFL);
    guard_enter();
    *(volatile int *)bad_segv;
}

static void default_sent(void)
{
    signal(SIGBUS, SIG_DFL);
    guard_enter();
    raise(SIGBUS);
    _exit(98);
}

static void ignored_sent(void)
{
    signal(SIGBUS, SIG_IGN);
    guard_enter();
    raise(SIGBUS);
    _exit(7);
}

int main(void)
{
    long page = sysconf(_SC_PAGESIZE);
    good = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bad_segv = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FILE *empty = tmpfile();
    bad_bus = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(empty), 0);
    CHECK(rawio_version() == RAWIO_VERSION);
    setvbuf(stdout, NULL, _IONBF, 0);
    bounds();
    CHECK(handler_of(SIGSEGV) == (void *)SIG_DFL && handler_of(SIGBUS) == (void *)SIG_DFL);
    CHECK(dies(default_fault) == SIGSEGV);
    CHECK(dies(default_sent) == SIGBUS);
    CHECK(dies(ignored_sent) == -7);
    chains();
    threads();
    covers();
    return failures != 0;
}
