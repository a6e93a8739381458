/*
 * Catching the fault of one access. The handlers for SIGBUS and SIGSEGV are in place only while a thread is inside
 * guard_enter .. guard_leave; a fault that is not of a guarded access goes to the handlers found there before, with the
 * flags and the mask that those asked for.
 */
#ifndef RAWIO_GUARD_H
#define RAWIO_GUARD_H

#include <setjmp.h>
#include <stdint.h>

struct guard {
    uintptr_t address; /* of the access */
    uint32_t size;
    sigjmp_buf back;
};

/*
 * Puts the handlers in place. -EBUSY: other code has put its own over ours, in the midst of a probe, more often than
 * there are handlers here.
 */
int32_t guard_enter(void);

/* Puts back what was there, when no thread is inside any more. */
void guard_leave(void);

/* From here to guard_disarm a fault of this thread at the guard's address continues at guard->back. */
void guard_arm(struct guard *guard);
void guard_disarm(void);

#endif
