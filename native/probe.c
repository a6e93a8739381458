#define _GNU_SOURCE
#include "access.h"
#include "guard.h"
#include "rawio.h"

#include <errno.h>
#include <stdbool.h>

/* Waits for the access to end, so that its fault is taken while the guard is armed. */
static inline void settle(void)
{
#if defined(__aarch64__) || defined(__arm__)
    __asm__ volatile("dsb sy\n\tisb" ::: "memory");
#else
    __asm__ volatile("" ::: "memory");
#endif
}

static void access_once(volatile void *device, uint32_t size, bool write, uint64_t *value)
{
    uint64_t seen = *value;
    switch (size) {
    case 1: if (write) store8(device, (uint8_t)seen); else seen = load8(device); break;
    case 2: if (write) store16(device, (uint16_t)seen); else seen = load16(device); break;
    case 4: if (write) store32(device, (uint32_t)seen); else seen = load32(device); break;
    default: if (write) store64(device, seen); else seen = load64(device); break;
    }
    settle();
    *value = seen;
}

static int32_t probe(volatile void *device, uint32_t size, bool write, uint64_t *value)
{
    if (size != 1 && size != 2 && size != 4 && size != 8) return -EINVAL;
    int saved = errno;
    int32_t entered = guard_enter();
    if (entered != 0) return entered;

    /* Volatile: read after the jump back. */
    volatile int32_t answer = -EFAULT;
    struct guard guard = {.address = (uintptr_t)device, .size = size};
    if (sigsetjmp(guard.back, 1) == 0) {
        guard_arm(&guard);
        access_once(device, size, write, value);
        guard_disarm();
        answer = 0;
    }
    guard_leave();
    errno = saved;
    return answer;
}

int32_t rawio_try_read(const volatile void *device, uint32_t size, uint64_t *value)
{
    uint64_t seen = 0;
    int32_t answer = probe((volatile void *)device, size, false, &seen);
    if (answer == 0) *value = seen;
    return answer;
}

int32_t rawio_try_write(volatile void *device, uint32_t size, uint64_t value)
{
    return probe(device, size, true, &value);
}
