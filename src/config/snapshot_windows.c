/* SPDX-License-Identifier: Apache-2.0 */
/* Maintenance windows with their instants. They are few at a time, so whoever asks looks at
 * all of them. */
#include "config/snapshot_priv.h"

void
snapshot_compile_windows(struct snapshot *s)
{
	size_t n = s->docs[KIND_WINDOW].n;
	const struct zone *z = snapshot_zone(s, NULL, NULL);

	s->mutings = ARENA_ARRAY(&s->mem, n, struct muting);
	s->n_mutings = n;
	for (size_t i = 0; i < n; i++) {
		const struct window *w = s->lists[KIND_WINDOW][i]->value;
		s->mutings[i] = (struct muting){ .window = w,
			.from = edge_instant(&w->from, z),
			.to = edge_instant(&w->to, z) };
	}
}

/* Half-open: at its end a window is over. Of several the one that ends last counts. */
const struct muting *
snapshot_muting(
        const struct snapshot *s, const char *service, const char *integration, usec_t now)
{
	const struct muting *found = NULL;

	for (size_t i = 0; i < s->n_mutings; i++) {
		const struct muting *m = &s->mutings[i];
		if (now < m->from || now >= m->to || (found != NULL && m->to <= found->to))
			continue;
		if (vec_names(&m->window->services, service)
		        || vec_names(&m->window->integrations, integration))
			found = m;
	}
	return found;
}

bool
snapshot_mutes(const struct snapshot *s)
{
	return s->n_mutings > 0;
}
