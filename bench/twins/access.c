/* The limit that the benchmarks are measured against: the same loops in C. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The pages of a file, which somebody else has mapped too. */
void *twin_map(const char *path, long length)
{
	int file = open(path, O_RDWR | O_CLOEXEC);
	void *p = file < 0 ? MAP_FAILED : mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file >= 0) close(file);
	return p == MAP_FAILED ? NULL : p;
}

void twin_unmap(void *p, long length)
{
	munmap(p, length);
}

uint32_t twin_read32(const volatile uint32_t *p, int n)
{
	uint32_t sum = 0;
	for (int i = 0; i < n; i++) sum += *p;
	return sum;
}

void twin_write32(volatile uint32_t *p, int n)
{
	for (int i = 0; i < n; i++) *p = 1;
}

void twin_modify32(volatile uint32_t *p, int n)
{
	for (int i = 0; i < n; i++) *p = (*p & ~0x38u) | 0x8u;
}

/* One register, read or written once for each element. */
#define REP(bits)                                                                        \
	void twin_read_rep##bits(const volatile uint##bits##_t *p, uint##bits##_t *to, long n) \
	{                                                                                    \
		for (long i = 0; i < n; i++) to[i] = *p;                                         \
	}                                                                                    \
	void twin_write_rep##bits(volatile uint##bits##_t *p, const uint##bits##_t *from, long n) \
	{                                                                                    \
		for (long i = 0; i < n; i++) *p = from[i];                                       \
	}

REP(8)
REP(16)
REP(32)
REP(64)

/* Aligned blocks in 64-bit words. */
void twin_copy_from(const volatile uint64_t *p, uint64_t *to, long bytes)
{
	for (long i = 0; i < bytes / 8; i++) to[i] = p[i];
}

void twin_copy_to(volatile uint64_t *p, const uint64_t *from, long bytes)
{
	for (long i = 0; i < bytes / 8; i++) p[i] = from[i];
}

void twin_fill(volatile uint64_t *p, uint8_t value, long bytes)
{
	uint64_t word = value * 0x0101010101010101u;
	for (long i = 0; i < bytes / 8; i++) p[i] = word;
}

#if defined(__x86_64__) || defined(__i386__)
#include <sys/io.h>

/* The right to the ports is the calling thread's. */
uint32_t twin_in8(uint16_t port, int n)
{
	uint32_t sum = 0;
	for (int i = 0; i < n; i++) sum += inb(port);
	return sum;
}

void twin_out8(uint16_t port, int n)
{
	for (int i = 0; i < n; i++) outb(1, port);
}
#endif
