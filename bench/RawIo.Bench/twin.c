/* The limit that DeviceAccess is measured against: the same loops in C. */
#include <stdint.h>

uint32_t twin_read32(const volatile uint32_t *p, int n)
{
	uint32_t sum = 0;
	for (int i = 0; i < n; i++) sum += *p;
	return sum;
}

void twin_write32(volatile uint32_t *p, int n)
{
	for (int i = 0; i < n; i++) *p = (uint32_t)i;
}

void twin_modify32(volatile uint32_t *p, int n)
{
	for (int i = 0; i < n; i++) *p = (*p & ~0x38u) | 0x8u;
}
