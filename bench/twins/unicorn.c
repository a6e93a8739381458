/* The same register read by a guest in the Unicorn emulator, whose device is a callback. */
#include <stdint.h>
#include <stdlib.h>
#include <unicorn/unicorn.h>

#define CODE 0x1000
#define DEVICE 0x3f200000
#define GPLEV0 0x34

struct machine {
	uc_engine *uc;
	uint32_t level;
};

/* again: mov eax, [rdi]; add edx, eax; dec ecx; jnz again */
static const uint8_t loop[] = { 0x8b, 0x07, 0x01, 0xc2, 0xff, 0xc9, 0x75, 0xf8 };

static uint64_t on_read(uc_engine *uc, uint64_t offset, unsigned size, void *data)
{
	(void)uc, (void)size;
	return offset == GPLEV0 ? ((struct machine *)data)->level : 0;
}

static void on_write(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value, void *data)
{
	(void)uc, (void)offset, (void)size, (void)value, (void)data;
}

void *twin_unicorn_open(void)
{
	struct machine *machine = calloc(1, sizeof *machine);
	if (!machine) return NULL;
	machine->level = 0x1ff;
	if (uc_open(UC_ARCH_X86, UC_MODE_64, &machine->uc) != UC_ERR_OK
	    || uc_mem_map(machine->uc, CODE, 0x1000, UC_PROT_ALL) != UC_ERR_OK
	    || uc_mem_write(machine->uc, CODE, loop, sizeof loop) != UC_ERR_OK
	    || uc_mmio_map(machine->uc, DEVICE, 0x1000, on_read, machine, on_write, machine) != UC_ERR_OK) {
		free(machine);
		return NULL;
	}
	return machine;
}

/* The sum of so many reads. */
uint32_t twin_unicorn_read(void *opened, int n)
{
	struct machine *machine = opened;
	uint64_t address = DEVICE + GPLEV0, count = (uint64_t)n, sum = 0;
	uc_reg_write(machine->uc, UC_X86_REG_RDI, &address);
	uc_reg_write(machine->uc, UC_X86_REG_RCX, &count);
	uc_reg_write(machine->uc, UC_X86_REG_RDX, &sum);
	if (uc_emu_start(machine->uc, CODE, CODE + sizeof loop, 0, 0) != UC_ERR_OK) return 0;
	uc_reg_read(machine->uc, UC_X86_REG_RDX, &sum);
	return (uint32_t)sum;
}
