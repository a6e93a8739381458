/* librawio as it is shipped, on one architecture: compiled, linked to the library and run by LibRawIoRunTests. Every
 * loop against a model of single bytes, the guarded probe at the edges of what is mapped, the barriers. Prints a line
 * for each check that fails; 0 when there is none. */
#define _GNU_SOURCE
#include "rawio.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int failures;
#define CHECK(what, ...) \
    do { if (!(what)) { printf("line %d: %s: ", __LINE__, #what); printf(__VA_ARGS__); printf("\n"); failures++; } } while (0)

#define SPAN 256 /* bytes that are compared */
#define COUNTS 20

enum kind { READ_REP, WRITE_REP, COPY_FROM, COPY_TO, FILL };
static const char *const names[] = {"read_rep", "write_rep", "copy_from", "copy_to", "fill"};

#define CALL(bits) \
    static void call##bits(enum kind kind, void *device, void *memory, size_t count) \
    { \
        uint##bits##_t value; \
        switch (kind) { \
        case READ_REP: rawio_read_rep##bits(device, memory, count); break; \
        case WRITE_REP: rawio_write_rep##bits(device, memory, count); break; \
        case COPY_FROM: rawio_copy_from##bits(device, memory, count); break; \
        case COPY_TO: rawio_copy_to##bits(device, memory, count); break; \
        default: memcpy(&value, memory, sizeof value); rawio_fill##bits(device, value, count); break; \
        } \
    }
CALL(8)
CALL(16)
CALL(32)
CALL(64)

static void call(size_t size, enum kind kind, void *device, void *memory, size_t count)
{
    switch (size) {
    case 1: call8(kind, device, memory, count); break;
    case 2: call16(kind, device, memory, count); break;
    case 4: call32(kind, device, memory, count); break;
    default: call64(kind, device, memory, count); break;
    }
}

/* The same, a byte at a time. */
static void model(size_t size, enum kind kind, unsigned char *device, unsigned char *memory, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t byte = 0; byte < size; byte++) {
            size_t element = i * size + byte;
            switch (kind) {
            case READ_REP: memory[element] = device[byte]; break;
            case WRITE_REP: device[byte] = memory[element]; break;
            case COPY_FROM: memory[element] = device[element]; break;
            case COPY_TO: device[element] = memory[element]; break;
            default: device[element] = memory[byte]; break;
            }
        }
}

static void scatter(unsigned char *bytes, unsigned seed)
{
    for (size_t i = 0; i < SPAN; i++) bytes[i] = (unsigned char)((i + seed) * 151 + (i >> 4));
}

/* SPAN bytes that end where nothing may be touched. */
static unsigned char *before_nothing(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(pages + page, page, PROT_NONE);
    return pages + page - SPAN;
}

static void one_loop(size_t size, enum kind kind, size_t device_at, size_t memory_at, size_t count, unsigned char *device, unsigned char *memory)
{
    unsigned char device_model[SPAN], memory_model[SPAN];
    scatter(device, 3);
    scatter(memory, 101);
    memcpy(device_model, device, SPAN);
    memcpy(memory_model, memory, SPAN);
    model(size, kind, device_model + device_at, memory_model + memory_at, count);
    call(size, kind, device + device_at, memory + memory_at, count);
    CHECK(memcmp(device, device_model, SPAN) == 0 && memcmp(memory, memory_model, SPAN) == 0,
        "%s%zu, device +%zu, memory +%zu, %zu elements", names[kind], 8 * size, device_at, memory_at, count);
}

static void loops(void)
{
    unsigned char *device = before_nothing(), *memory = before_nothing();
    for (size_t size = 1; size <= 8; size *= 2)
        for (enum kind kind = READ_REP; kind <= FILL; kind++)
            for (size_t count = 0; count < COUNTS; count++) {
                size_t on_device = kind == READ_REP || kind == WRITE_REP ? size : count * size;
                size_t in_memory = kind == FILL ? size : count * size;
                for (size_t device_at = 0; device_at < 16; device_at += size)
                    for (size_t memory_at = 0; memory_at < 16; memory_at++)
                        one_loop(size, kind, device_at, memory_at, count, device, memory);
                /* Up to the last byte that is there; also where the fill of none starts behind it. */
                one_loop(size, kind, SPAN - on_device, SPAN - in_memory, count, device, memory);
            }
}

static unsigned char *segv, *bus; /* SPAN bytes that are there, then none */

static void probe_at(unsigned char *edge, const char *name)
{
    for (uint32_t size = 1; size <= 8; size *= 2) {
        uint64_t mask = ~0ull >> (64 - 8 * size), value = 42;
        unsigned char before[SPAN];
        scatter(edge - SPAN, size);
        memcpy(before, edge - SPAN, SPAN);
        for (unsigned char *at = edge - 16; at < edge; at += size) {
            uint64_t expected = 0;
            memcpy(&expected, at, size); /* little-endian, all three */
            CHECK(rawio_try_read(at, size, &value) == 0 && value == expected, "%s, %u bytes", name, size);
        }
        CHECK(memcmp(before, edge - SPAN, SPAN) == 0, "%s, %u bytes: a read wrote", name, size);
        CHECK(rawio_try_write(edge - size, size, 0x8877665544332211) == 0, "%s, %u bytes", name, size);
        CHECK(rawio_try_read(edge - size, size, &value) == 0 && value == (0x8877665544332211 & mask), "%s, %u bytes", name, size);
        CHECK(memcmp(before, edge - SPAN, SPAN - size) == 0, "%s, %u bytes: its neighbours", name, size);
        value = 42;
        errno = 77;
        for (unsigned char *at = edge; at < edge + 32; at += size) {
            CHECK(rawio_try_read(at, size, &value) == -EFAULT, "%s + %d, %u bytes", name, (int)(at - edge), size);
            CHECK(rawio_try_write(at, size, 1) == -EFAULT, "%s + %d, %u bytes", name, (int)(at - edge), size);
        }
        CHECK(value == 42 && errno == 77, "%s, %u bytes", name, size);
    }
    uint64_t value = 42;
    const uint32_t wrong[] = {0, 3, 5, 6, 7, 9, 16, 0x80000000, 0xffffffff};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(rawio_try_read(edge, wrong[i], &value) == -EINVAL && value == 42, "%u bytes", wrong[i]);
        CHECK(rawio_try_write(edge, wrong[i], 1) == -EINVAL, "%u bytes", wrong[i]);
    }
}

/* Each its own bytes of the pages that all share, and the same that are not there. */
static void *prober(void *argument)
{
    size_t own = (size_t)argument;
    for (uint64_t round = 0; round < 300; round++) {
        uint32_t size = 1u << round % 4;
        unsigned char *edge = round & 4 ? segv : bus, *at = edge - 8 * (own + 1);
        uint64_t value = 42, mask = ~0ull >> (64 - 8 * size), written = (round * 0x0101010101010101 + own) & mask;
        if (rawio_try_write(at, size, written) != 0) return "a write";
        if (rawio_try_read(at, size, &value) != 0 || value != written) return "a read";
        if (rawio_try_read(edge + 8 * own, size, &value) != -EFAULT || value != written) return "a read of nothing";
        if (rawio_try_write(edge + 8 * own, size, 1) != -EFAULT) return "a write to nothing";
    }
    return NULL;
}

static void threads(void)
{
    pthread_t all[6];
    for (size_t i = 0; i < 6; i++) pthread_create(&all[i], NULL, prober, (void *)i);
    for (size_t i = 0; i < 6; i++) {
        void *failure;
        pthread_join(all[i], &failure);
        CHECK(failure == NULL, "thread %zu: %s", i, (const char *)failure);
    }
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    CHECK(rawio_version() == RAWIO_VERSION, "%d", rawio_version());
    rawio_mb(), rawio_rmb(), rawio_wmb(), rawio_dma_mb(), rawio_dma_rmb(), rawio_dma_wmb();
    loops();

    /* A file that became shorter than its mapping. */
    off_t page = sysconf(_SC_PAGESIZE);
    FILE *file = tmpfile();
    CHECK(ftruncate(fileno(file), 2 * page) == 0, "errno %d", errno);
    bus = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    CHECK(ftruncate(fileno(file), page) == 0, "errno %d", errno);
    bus += page;
    segv = before_nothing() + SPAN;
    probe_at(segv, "SIGSEGV");
    probe_at(bus, "SIGBUS");
    threads();
    return failures != 0;
}
