/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever changes another's address takes their pages, and their sign-in links, from them: the
 * person hears of it by the contact that they had. */
#include "api/changes.h"
#include "engine/duty.h"

static bool
same_contacts(const struct user *a, const struct user *b)
{
	const struct contact *had = a->contacts.items;

	for (size_t i = 0; i < a->contacts.n; i++) {
		const struct contact *has = user_contact(b, had[i].id);
		if (has == NULL || has->type != had[i].type
		        || !str_null_safe_eq(has->address, had[i].address))
			return false;
	}
	return str_null_safe_eq(a->email, b->email);
}

static struct err *
tell(struct ctx *cx, struct engine *e, const struct user *u)
{
	const struct notice n = { .user_id = u->c.id,
		.because = "security",
		.title = "Your addresses were changed",
		.text = arena_printf(&cx->mem,
		        "Your e-mail address or a contact is another now, or gone. By: %s. If "
		        "you know nothing of it, tell an administrator.",
		        cx->actor.id) };

	return notice_send(cx, e, &n);
}

struct err *
contacts_told(struct ctx *cx, struct engine *e, const struct plan *plan)
{
	if (cx->actor.kind != ACTOR_USER /* a house is being set up on its database */
	        || snapshot_revision(e->snapshot) != snapshot_revision(plan->base))
		return NULL; /* or it will be refused */
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->items[i].kind != KIND_USER)
			continue;
		const struct user *before = snapshot_user(plan->base, plan->items[i].id);
		const struct user *after = snapshot_user(plan->candidate, plan->items[i].id);
		if (before != NULL && after != NULL && !same_contacts(before, after))
			TRY(tell(cx, e, before));
	}
	return NULL;
}
