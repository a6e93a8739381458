/*
 * librawio: what a compiler for .NET cannot emit. C11, libc alone.
 *
 * Every function that can fail answers 0 or a negative error number; errno is left alone. Pointers to devices are
 * the caller's to check: mapped, inside, aligned to the width. Nothing here keeps state but the guarded probe.
 */
#ifndef RAWIO_H
#define RAWIO_H

#include <stddef.h>
#include <stdint.h>

#define RAWIO_API __attribute__((visibility("default")))

/* Goes up with every change that a program built for the one before would notice. */
#define RAWIO_VERSION 1
RAWIO_API int32_t rawio_version(void);

/*
 * Barriers for devices (barriers.c). mb, rmb and wmb order everything for the whole system and wait until it is done
 * (arm64: dsb sy, dsb ld, dsb st). The dma_ ones order what other observers see, as readl and writel of the kernel
 * have them (arm64: dmb osh, dmb oshld, dmb oshst). x86: mfence, lfence, sfence for both.
 */
RAWIO_API void rawio_mb(void);
RAWIO_API void rawio_rmb(void);
RAWIO_API void rawio_wmb(void);
RAWIO_API void rawio_dma_mb(void);
RAWIO_API void rawio_dma_rmb(void);
RAWIO_API void rawio_dma_wmb(void);

/*
 * Device memory (device.c). Each of the count elements is one load or store of exactly that width, in order, without
 * barriers. The other side is memory, of any alignment. On 32-bit arm the 64-bit forms are one ldrd or strd an element.
 *   read_rep, write_rep  the same register, once an element
 *   copy_from, copy_to   consecutive words
 *   fill                 consecutive words of one value
 */
#define RAWIO_DEVICE(bits) \
    RAWIO_API void rawio_read_rep##bits(const volatile void *device, void *memory, size_t count); \
    RAWIO_API void rawio_write_rep##bits(volatile void *device, const void *memory, size_t count); \
    RAWIO_API void rawio_copy_from##bits(const volatile void *device, void *memory, size_t count); \
    RAWIO_API void rawio_copy_to##bits(volatile void *device, const void *memory, size_t count); \
    RAWIO_API void rawio_fill##bits(volatile void *device, uint##bits##_t value, size_t count);
RAWIO_DEVICE(8)
RAWIO_DEVICE(16)
RAWIO_DEVICE(32)
RAWIO_DEVICE(64)
#undef RAWIO_DEVICE

/*
 * The guarded probe (probe.c): one access of 1, 2, 4 or 8 bytes. -EFAULT: the machine answered with SIGBUS or SIGSEGV;
 * *value is left alone. -EINVAL: no access has that size. -EBUSY: see guard.h. Any number of threads may probe at once.
 */
RAWIO_API int32_t rawio_try_read(const volatile void *device, uint32_t size, uint64_t *value);
RAWIO_API int32_t rawio_try_write(volatile void *device, uint32_t size, uint64_t value);

/*
 * Ports (ports.c): x86 alone; elsewhere these symbols do not exist. Without the right to the port the process gets
 * SIGSEGV. The _p forms pause after the access: one byte to port 0x80, to which the thread needs the right as well.
 * ioperm and iopl are the system calls: they hold for the calling thread and what it starts later.
 */
#if defined(__x86_64__) || defined(__i386__)
RAWIO_API int32_t rawio_ioperm(uint32_t first, uint32_t count, int32_t on);
RAWIO_API int32_t rawio_iopl(int32_t level);
RAWIO_API void rawio_io_delay(void);
#define RAWIO_PORTS(bits) \
    RAWIO_API uint##bits##_t rawio_in##bits(uint16_t port); \
    RAWIO_API void rawio_out##bits(uint16_t port, uint##bits##_t value); \
    RAWIO_API uint##bits##_t rawio_in##bits##_p(uint16_t port); \
    RAWIO_API void rawio_out##bits##_p(uint16_t port, uint##bits##_t value); \
    RAWIO_API void rawio_ins##bits(uint16_t port, void *memory, size_t count); \
    RAWIO_API void rawio_outs##bits(uint16_t port, const void *memory, size_t count);
RAWIO_PORTS(8)
RAWIO_PORTS(16)
RAWIO_PORTS(32)
#undef RAWIO_PORTS
#endif

#endif
