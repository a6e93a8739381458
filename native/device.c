/* Loops over device memory, of declared width. Volatile (and asm on arm64) keeps a compiler from making a call to
 * memcpy or memset of them, from vectorising them, and from zeroing whole cache lines, which device memory faults on. */
#include "access.h"
#include "rawio.h"

/* The memory side may lie anywhere. */
#define RAWIO_ELEMENT(bits) struct __attribute__((packed, may_alias)) element##bits { uint##bits##_t value; };

#define RAWIO_DEVICE(bits) \
    RAWIO_ELEMENT(bits) \
    void rawio_read_rep##bits(const volatile void *device, void *memory, size_t count) \
    { \
        struct element##bits *to = memory; \
        for (size_t i = 0; i < count; i++) to[i].value = load##bits(device); \
    } \
    void rawio_write_rep##bits(volatile void *device, const void *memory, size_t count) \
    { \
        const struct element##bits *from = memory; \
        for (size_t i = 0; i < count; i++) store##bits(device, from[i].value); \
    } \
    void rawio_copy_from##bits(const volatile void *device, void *memory, size_t count) \
    { \
        const volatile uint##bits##_t *from = device; \
        struct element##bits *to = memory; \
        for (size_t i = 0; i < count; i++) to[i].value = load##bits(from + i); \
    } \
    void rawio_copy_to##bits(volatile void *device, const void *memory, size_t count) \
    { \
        volatile uint##bits##_t *to = device; \
        const struct element##bits *from = memory; \
        for (size_t i = 0; i < count; i++) store##bits(to + i, from[i].value); \
    } \
    void rawio_fill##bits(volatile void *device, uint##bits##_t value, size_t count) \
    { \
        volatile uint##bits##_t *to = device; \
        for (size_t i = 0; i < count; i++) store##bits(to + i, value); \
    }

RAWIO_DEVICE(8)
RAWIO_DEVICE(16)
RAWIO_DEVICE(32)
RAWIO_DEVICE(64)
