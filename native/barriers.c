#include "rawio.h"

#if defined(__x86_64__) || defined(__i386__)
#define RAWIO_MB "mfence"
#define RAWIO_RMB "lfence"
#define RAWIO_WMB "sfence"
#define RAWIO_DMA_MB RAWIO_MB
#define RAWIO_DMA_RMB RAWIO_RMB
#define RAWIO_DMA_WMB RAWIO_WMB
#elif defined(__aarch64__)
#define RAWIO_MB "dsb sy"
#define RAWIO_RMB "dsb ld"
#define RAWIO_WMB "dsb st"
#define RAWIO_DMA_MB "dmb osh"
#define RAWIO_DMA_RMB "dmb oshld"
#define RAWIO_DMA_WMB "dmb oshst"
#elif defined(__arm__) && __ARM_ARCH >= 7
/* ARMv7 has no barrier for loads alone. */
#define RAWIO_MB "dsb sy"
#define RAWIO_RMB "dsb sy"
#define RAWIO_WMB "dsb st"
#define RAWIO_DMA_MB "dmb osh"
#define RAWIO_DMA_RMB "dmb osh"
#define RAWIO_DMA_WMB "dmb oshst"
#else
#error "librawio knows x86, ARMv7 and arm64"
#endif

void rawio_mb(void) { __asm__ volatile(RAWIO_MB ::: "memory"); }

void rawio_rmb(void) { __asm__ volatile(RAWIO_RMB ::: "memory"); }

void rawio_wmb(void) { __asm__ volatile(RAWIO_WMB ::: "memory"); }

void rawio_dma_mb(void) { __asm__ volatile(RAWIO_DMA_MB ::: "memory"); }

void rawio_dma_rmb(void) { __asm__ volatile(RAWIO_DMA_RMB ::: "memory"); }

void rawio_dma_wmb(void) { __asm__ volatile(RAWIO_DMA_WMB ::: "memory"); }

int32_t rawio_version(void) { return RAWIO_VERSION; }
