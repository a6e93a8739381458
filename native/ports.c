#define _GNU_SOURCE /* syscall */
#include "rawio.h"

#if defined(__x86_64__) || defined(__i386__)

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static int32_t answer(long result, int *saved)
{
    int32_t error = result == 0 ? 0 : -errno;
    errno = *saved;
    return error;
}

int32_t rawio_ioperm(uint32_t first, uint32_t count, int32_t on)
{
    int saved = errno;
    return answer(syscall(SYS_ioperm, (unsigned long)first, (unsigned long)count, on), &saved);
}

int32_t rawio_iopl(int32_t level)
{
    int saved = errno;
    return answer(syscall(SYS_iopl, level), &saved);
}

/* Port 0x80 takes the codes of the power-on self-test; a write there takes as long as an ISA bus cycle. */
void rawio_io_delay(void) { __asm__ volatile("outb %%al, $0x80" ::: "memory"); }

#define RAWIO_PORTS(bits, suffix, view) \
    uint##bits##_t rawio_in##bits(uint16_t port) \
    { \
        uint##bits##_t value; \
        __asm__ volatile("in" suffix " %w1, %" view "0" : "=a"(value) : "Nd"(port) : "memory"); \
        return value; \
    } \
    void rawio_out##bits(uint16_t port, uint##bits##_t value) \
    { \
        __asm__ volatile("out" suffix " %" view "0, %w1" : : "a"(value), "Nd"(port) : "memory"); \
    } \
    uint##bits##_t rawio_in##bits##_p(uint16_t port) \
    { \
        uint##bits##_t value = rawio_in##bits(port); \
        rawio_io_delay(); \
        return value; \
    } \
    void rawio_out##bits##_p(uint16_t port, uint##bits##_t value) \
    { \
        rawio_out##bits(port, value); \
        rawio_io_delay(); \
    } \
    void rawio_ins##bits(uint16_t port, void *memory, size_t count) \
    { \
        __asm__ volatile("rep ins" suffix : "+D"(memory), "+c"(count) : "d"(port) : "memory"); \
    } \
    void rawio_outs##bits(uint16_t port, const void *memory, size_t count) \
    { \
        __asm__ volatile("rep outs" suffix : "+S"(memory), "+c"(count) : "d"(port) : "memory"); \
    }

RAWIO_PORTS(8, "b", "b")
RAWIO_PORTS(16, "w", "w")
RAWIO_PORTS(32, "l", "k")

#endif
