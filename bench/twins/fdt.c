/* A device tree by libfdt: every property looked at, every reg translated to the CPU's addresses. */
#include <libfdt.h>
#include <stdint.h>

#define MAX_DEPTH 64
#define MAX_CELLS 4

struct bus {
	int address_cells, size_cells;
	const fdt32_t *ranges;
	int ranges_length; /* -1: no such property */
};

static uint64_t number(const fdt32_t *cells, int count)
{
	uint64_t value = 0;
	for (int i = 0; i < count; i++) value = value << 32 | fdt32_to_cpu(cells[i]);
	return value;
}

/* From the bus at a depth up to the root's; 0 where it cannot be. */
static int translate(const struct bus *buses, int depth, uint64_t *address)
{
	for (; depth > 0; depth--) {
		const struct bus *bus = &buses[depth], *above = &buses[depth - 1];
		if (bus->address_cells == 0 || bus->size_cells == 0 || bus->ranges_length < 0) return 0;
		if (bus->ranges_length == 0) continue;
		int cells = bus->address_cells + above->address_cells + bus->size_cells;
		int found = 0;
		for (int at = 0; at + cells <= bus->ranges_length / 4; at += cells) {
			const fdt32_t *entry = bus->ranges + at;
			uint64_t child = number(entry, bus->address_cells);
			uint64_t parent = number(entry + bus->address_cells, above->address_cells);
			uint64_t size = number(entry + bus->address_cells + above->address_cells, bus->size_cells);
			if (*address < child || *address - child >= size) continue;
			*address = parent + (*address - child);
			found = 1;
			break;
		}
		if (!found) return 0;
	}
	return buses[0].address_cells > 0 && buses[0].size_cells > 0;
}

/* The sum of the lengths of all properties and of all first addresses of reg, so that nothing is left out. */
uint64_t twin_fdt(const void *blob, long size)
{
	struct bus buses[MAX_DEPTH + 1];
	uint64_t sum = 0;
	int depth = 0;
	if (fdt_check_full(blob, size) != 0) return 0;
	for (int node = 0; node >= 0 && depth >= 0 && depth < MAX_DEPTH; node = fdt_next_node(blob, node, &depth)) {
		int property, length;
		fdt_for_each_property_offset(property, blob, node) {
			const char *name;
			if (!fdt_getprop_by_offset(blob, property, &name, &length)) return 0;
			sum += length;
		}
		buses[depth].address_cells = fdt_address_cells(blob, node);
		buses[depth].size_cells = fdt_size_cells(blob, node);
		buses[depth].ranges = fdt_getprop(blob, node, "ranges", &buses[depth].ranges_length);
		if (depth == 0) continue;
		const fdt32_t *reg = fdt_getprop(blob, node, "reg", &length);
		const struct bus *bus = &buses[depth - 1];
		int cells = bus->address_cells + bus->size_cells;
		if (!reg || cells <= 0 || bus->address_cells > MAX_CELLS) continue;
		for (int at = 0; at + cells <= length / 4; at += cells) {
			uint64_t address = number(reg + at, bus->address_cells);
			if (bus->size_cells > 0 && translate(buses, depth - 1, &address)) sum += address;
		}
	}
	return sum;
}
