/* SPDX-License-Identifier: Apache-2.0 */
/* Users with their contacts and steps; teams. */
#include "config/config.h"
#include "importer/import_priv.h"

void
user_contact_add(struct import *im, struct import_user *u, struct import_contact c)
{
	ARENA_PUSH(&im->cx->mem, u->contacts, u->n_contacts, u->cap_contacts) = c;
}

void
user_step_add(struct import *im, struct import_user *u, struct import_step s)
{
	ARENA_PUSH(&im->cx->mem, u->steps, u->n_steps, u->cap_steps) = s;
}

static bool
type_known(const char *type)
{
	for (size_t i = 0; i < CONTACT_TYPE_MAX; i++)
		if (strcmp(contact_type_names[i], type) == 0)
			return true;
	return false;
}

/* "+1 (411) 555-5555" is one number however it is written. */
static const char *
clean_address(struct import *im, const struct import_contact *c)
{
	char *out, *to;

	if (strcmp(c->type, "sms") != 0 && strcmp(c->type, "voice") != 0)
		return c->address;
	out = to = arena_strdup(&im->cx->mem, c->address);
	for (const char *p = c->address; *p != '\0'; p++)
		if ((*p >= '0' && *p <= '9') || (*p == '+' && to == out))
			*to++ = *p;
	*to = '\0';
	return out;
}

/* The id of a contact is its type, numbered when there are several. */
static const char *
contact_slug(struct import *im, const struct import_user *u, const struct import_contact *c)
{
	size_t same = 1;

	for (const struct import_contact *o = u->contacts; o < c; o++)
		if (o->slug != NULL && strcmp(o->type, c->type) == 0)
			same++;
	return same == 1 ? c->type : arena_printf(&im->cx->mem, "%s-%zu", c->type, same);
}

static const struct import_contact *
same_address(const struct import_user *u, const struct import_contact *c)
{
	for (const struct import_contact *o = u->contacts; o < c; o++)
		if (o->slug != NULL && strcmp(o->type, c->type) == 0
		        && strcmp(o->address, c->address) == 0)
			return o;
	return NULL;
}

static void
contacts_settle(struct import *im, struct row where, struct import_user *u)
{
	const char *what = arena_printf(&im->cx->mem, "user/%s", u->slug);

	for (size_t i = 0; i < u->n_contacts; i++) {
		struct import_contact *c = &u->contacts[i];
		c->address = clean_address(im, c);
		const struct import_contact *twin = same_address(u, c);
		if (twin != NULL)
			c->slug = twin->slug;
		else if (!type_known(c->type))
			note_left_out(im, where, what,
			        "contact \"%s\": there is no channel of the type %s", c->label,
			        c->type);
		else if (c->address[0] == '\0')
			note_left_out(
			        im, where, what, "contact \"%s\" has no address", c->label);
		else
			c->slug = contact_slug(im, u, c);
	}
}

/* Without any other way, the address that people sign in with is used: better a mail than
 * nobody. */
static void
fall_back_to_mail(struct import *im, struct row where, struct import_user *u)
{
	for (size_t i = 0; i < u->n_contacts; i++)
		if (u->contacts[i].slug != NULL)
			return;
	if (strchr(u->email, '@') == NULL)
		return;
	user_contact_add(im, u,
	        (struct import_contact){
	                .type = "email", .address = u->email, .label = "", .slug = "email" });
	note_changed(im, where, arena_printf(&im->cx->mem, "user/%s", u->slug),
	        "no contact could be taken: the e-mail address is used");
}

static void
write_contacts(struct import *im, const struct import_user *u)
{
	struct jsonw *w = &im->w;
	bool open = false;

	for (size_t i = 0; i < u->n_contacts; i++) {
		const struct import_contact *c = &u->contacts[i];
		if (c->slug == NULL || same_address(u, c) != NULL)
			continue;
		if (!open) {
			jsonw_key(w, "contacts");
			jsonw_object(w);
		}
		open = true;
		jsonw_key(w, c->slug);
		jsonw_object(w);
		jsonw_member(w, "type", c->type);
		jsonw_member(w, "address", c->address);
		jsonw_end_object(w);
	}
	if (open)
		jsonw_end_object(w);
}

static const char *
step_contact(const struct import_user *u, const struct import_step *s)
{
	for (size_t i = 0; i < u->n_contacts; i++) {
		const struct import_contact *c = &u->contacts[i];
		if (c->slug != NULL && c->theirs != NULL && strcmp(c->theirs, s->contact) == 0
		        && (s->type[0] == '\0' || strcmp(s->type, c->type) == 0))
			return c->slug;
	}
	return NULL;
}

static void
write_steps(struct import *im, const struct import_user *u, enum urgency urgency)
{
	struct jsonw *w = &im->w;
	char span[DURATION_MAX];
	bool open = false;

	for (size_t i = 0; i < u->n_steps; i++) {
		const struct import_step *s = &u->steps[i];
		const char *contact = step_contact(u, s);
		if (contact == NULL || (!s->both && s->urgency != urgency))
			continue;
		if (!open) {
			jsonw_key(w, urgency == URGENCY_HIGH ? "high" : "low");
			jsonw_array(w);
		}
		open = true;
		jsonw_object(w);
		jsonw_member(w, "contact", contact);
		if (s->after > 0)
			jsonw_member(w, "after", duration_print(s->after, span));
		jsonw_end_object(w);
	}
	if (open)
		jsonw_end_array(w);
}

static void
note_lost_steps(struct import *im, struct row where, const struct import_user *u)
{
	size_t lost = 0;

	for (size_t i = 0; i < u->n_steps; i++)
		lost += step_contact(u, &u->steps[i]) == NULL;
	if (lost > 0)
		note_changed(im, where, arena_printf(&im->cx->mem, "user/%s", u->slug),
		        "%zu of %zu paging steps use a contact that was not taken", lost,
		        u->n_steps);
}

static bool
has_steps(const struct import_user *u)
{
	for (size_t i = 0; i < u->n_steps; i++)
		if (step_contact(u, &u->steps[i]) != NULL)
			return true;
	return false;
}

void
user_write(struct import *im, struct row where, struct import_user *u)
{
	struct jsonw *w;
	const char *what = arena_printf(&im->cx->mem, "user/%s", u->slug);

	contacts_settle(im, where, u);
	fall_back_to_mail(im, where, u);
	note_lost_steps(im, where, u);
	w = doc_begin(im, KIND_USER, u->slug, u->name, NULL);
	if (u->email[0] != '\0')
		jsonw_member(w, "email", u->email);
	if (u->role != NULL)
		jsonw_member(w, "role", u->role);
	if (u->zone != NULL && u->zone[0] != '\0' && zone_get(u->zone) != NULL)
		jsonw_member(w, "zone", u->zone);
	else if (u->zone != NULL && u->zone[0] != '\0')
		note_changed(im, where, what, "there is no time zone \"%s\"", u->zone);
	write_contacts(im, u);
	if (has_steps(u)) {
		jsonw_key(w, "paging");
		jsonw_object(w);
		write_steps(im, u, URGENCY_HIGH);
		write_steps(im, u, URGENCY_LOW);
		jsonw_end_object(w);
	}
	doc_end(im, where);
}

/* ---- teams ---- */

void
member_add(struct import *im, struct import_team *t, struct row where, const char *user,
        const char *as)
{
	const char *slug = import_slug(im, KIND_USER, user);

	if (slug == NULL) {
		note_left_out(im, where, arena_printf(&im->cx->mem, "team/%s", t->slug),
		        "its member \"%s\" is no user of the export", user);
		return;
	}
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->members[i].user, slug) == 0)
			return;
	ARENA_PUSH(&im->cx->mem, t->members, t->n, t->cap) = (struct import_member){ slug, as };
}

void
team_write(struct import *im, struct row where, const struct import_team *t)
{
	struct jsonw *w = doc_begin(im, KIND_TEAM, t->slug, t->name, t->description);

	if (t->n > 0) {
		jsonw_key(w, "members");
		jsonw_object(w);
		for (size_t i = 0; i < t->n; i++)
			jsonw_member(w, t->members[i].user, t->members[i].as);
		jsonw_end_object(w);
	}
	doc_end(im, where);
}
