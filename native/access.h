/* One load or store of a device, of exactly that width. */
#ifndef RAWIO_ACCESS_H
#define RAWIO_ACCESS_H

#include <stdint.h>

#ifdef __aarch64__
/* A plain base register and nothing else: a hypervisor that emulates the device cannot decode an access that also
 * moves its pointer, and a compiler likes to make those. */
#define RAWIO_ACCESS(bits, suffix, view) \
    static inline uint##bits##_t load##bits(const volatile void *device) \
    { \
        uint##bits##_t value; \
        __asm__ volatile("ldr" suffix " %" view "0, [%1]" : "=r"(value) : "r"(device) : "memory"); \
        return value; \
    } \
    static inline void store##bits(volatile void *device, uint##bits##_t value) \
    { \
        __asm__ volatile("str" suffix " %" view "0, [%1]" : : "r"(value), "r"(device) : "memory"); \
    }
RAWIO_ACCESS(8, "b", "w")
RAWIO_ACCESS(16, "h", "w")
RAWIO_ACCESS(32, "", "w")
RAWIO_ACCESS(64, "", "x")
#else
#define RAWIO_ACCESS(bits) \
    static inline uint##bits##_t load##bits(const volatile void *device) \
    { \
        return *(const volatile uint##bits##_t *)device; \
    } \
    static inline void store##bits(volatile void *device, uint##bits##_t value) \
    { \
        *(volatile uint##bits##_t *)device = value; \
    }
RAWIO_ACCESS(8)
RAWIO_ACCESS(16)
RAWIO_ACCESS(32)
RAWIO_ACCESS(64)
#endif
#undef RAWIO_ACCESS

#endif
