/* SPDX-License-Identifier: Apache-2.0 */
/* The organisation, its users and teams, and channels that belong to nobody in particular. */
#include "config/codecs.h"
#include "config/kinds.h"

#define ORG(member) offsetof(struct organisation, member)

static const char *const second_factor_names[SECOND_FACTOR_MAX + 1] = {
	[SECOND_FACTOR_NOBODY] = "nobody",
	[SECOND_FACTOR_ADMINS] = "admins",
	[SECOND_FACTOR_EVERYBODY] = "everybody",
};

static const struct field organisation_fields[] = {
	COMMON_FIELDS,
	{ "zone", FIELD_CUSTOM, 0, ORG(zone), .decode = zone_decode, .encode = zone_encode,
	        .schema = ZONE_SCHEMA, .help = "The zone of wall clocks that name none." },
	{ "catch_all", FIELD_CUSTOM, 0, ORG(catch_all), .decode = target_decode,
	        .encode = target_encode, .schema = TARGET_SCHEMA,
	        .help = "Who is paged when nobody else is left." },
	{ "reopen_within", FIELD_DURATION, 0, ORG(reopen_within), .fallback = "\"0s\"",
	        .help = "For services that do not say." },
	{ "repage_on_rise", FIELD_BOOL, 0, ORG(repage_on_rise), .fallback = "true",
	        .help = "For services that do not say." },
	{ "auto_resolve", FIELD_BOOL, 0, ORG(auto_resolve), .fallback = "true",
	        .help = "For services that do not say." },
	{ "bundle_after", FIELD_INT, 0, ORG(bundle_after), .max = 1000, .fallback = "10",
	        .help = "Pages to one contact in a minute before more are bundled; 0: never." },
	{ "keep", FIELD_DURATION, 0, ORG(keep), .fallback = "\"0s\"",
	        .help = "How long the record of a resolved incident stays before `tocsin archive` "
	                "moves it to a file; 0s: for ever." },
	{ "second_factor", FIELD_ENUM, 0, ORG(second_factor), .names = second_factor_names,
	        .fallback = "\"nobody\"",
	        .help = "Who has to have a second factor to sign in: nobody, admins (and owners) "
	                "or everybody. Who has none is led to set it up and can do nothing else." },
};
const struct shape organisation_shape = SHAPE("Organisation", struct organisation,
        organisation_fields, "The organisation, and what the other documents inherit from it.");

void
organisation_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg)
{
	const struct organisation *org = value;

	(void)cx;
	if (org->catch_all.id != NULL)
		fn(arg, "/catch_all", &org->catch_all);
}

/* ---- contacts ---- */

const char *const contact_type_names[CONTACT_TYPE_MAX + 1] = {
	[CONTACT_EMAIL] = "email",
	[CONTACT_WEBHOOK] = "webhook",
};

static const struct field contact_fields[] = {
	{ "type", FIELD_ENUM, FIELD_REQUIRED, offsetof(struct contact, type),
	        .names = contact_type_names, .help = "How a message goes there." },
	{ "address", FIELD_STRING, FIELD_REQUIRED, offsetof(struct contact, address), .min = 1,
	        .max = 2048, .help = "An e-mail address, or the URL of a webhook." },
	{ "secret", FIELD_CUSTOM, 0, offsetof(struct contact, secret), .decode = secret_decode,
	        .encode = secret_encode, .schema = SECRET_SCHEMA,
	        .help = "Signs the body of a webhook." },
};
static const struct shape contact_shape = SHAPE("Contact", struct contact, contact_fields,
        "A way to reach somebody: an address and how to send there.");

static bool
address_fits(const struct contact *c)
{
	struct str s = str_from(c->address);

	if (c->type == CONTACT_EMAIL)
		return memchr(s.p, '@', s.len) != NULL && memchr(s.p, ' ', s.len) == NULL
		        && s.p[0] != '@' && s.p[s.len - 1] != '@';
	return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

static void
contact_settle(
        struct draft *d, const struct json *v, const struct contact *before, struct contact *c)
{
	if (c->address == NULL)
		return;
	if (!address_fits(c)) {
		size_t mark = shape_enter(d->r, STR("address"));
		shape_fault(d->r, json_get(v, "address"),
		        c->type == CONTACT_EMAIL
		                ? "expected an e-mail address"
		                : "expected an address that begins with http:// or "
		                  "https://");
		shape_leave(d->r, mark);
	}
	size_t mark = shape_enter(d->r, STR("secret"));
	secret_settle(d->r, json_get(v, "secret"), d->key,
	        before == NULL ? NULL : &before->secret, &c->secret);
	shape_leave(d->r, mark);
}

/* ---- users ---- */

static const struct field paging_step_fields[] = {
	{ "contact", FIELD_STRING, FIELD_REQUIRED, offsetof(struct paging_step, contact),
	        .help = "The id of one of the user's contacts." },
	{ "after", FIELD_DURATION, 0, offsetof(struct paging_step, after), .max = DAYS(7),
	        .help = "From the start of the page." },
};
static const struct shape paging_step_shape =
        SHAPE("PagingStep", struct paging_step, paging_step_fields, "A contact and its time.");

static const struct field paging_fields[] = {
	{ "high", FIELD_LIST, 0, sizeof(struct vec) * URGENCY_HIGH, .sub = &paging_step_shape,
	        .max = 50, .help = "For urgent pages." },
	{ "low", FIELD_LIST, 0, sizeof(struct vec) * URGENCY_LOW, .sub = &paging_step_shape,
	        .max = 50, .help = "For pages that can wait." },
};
static const struct shape paging_shape = { .name = "PagingPolicy",
	.size = sizeof(struct vec) * URGENCY_MAX,
	.fields = paging_fields,
	.n_fields = NELEMS(paging_fields),
	.help = "A user's own steps for each urgency." };

/* Roles are written as FORMATS.md has them; ROLE_NONE is not one. */
static const char *const written_roles[] = { "stakeholder", "member", "admin", "owner", NULL };

static void
role_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	for (size_t i = 0; v->type == JSON_STRING && written_roles[i] != NULL; i++) {
		if (!str_is(v->string, written_roles[i]))
			continue;
		*(enum role *)ret = (enum role)(i + ROLE_STAKEHOLDER);
		return;
	}
	shape_fault(r, v, "expected one of owner, admin, member, stakeholder");
}

static void
role_encode(struct jsonw *w, const void *value)
{
	enum role role = *(const enum role *)value;

	if (role != ROLE_NONE)
		jsonw_cstr(w, role_names[role]);
}

static const struct field user_handoff_fields[] = {
	{ "contact", FIELD_STRING, 0, offsetof(struct user_handoff, contact),
	        .help = "One of the contacts; absent: the first of low urgency." },
	{ "lead", FIELD_DURATION, 0, offsetof(struct user_handoff, lead), .max = DAYS(7),
	        .help = "How long before going on call." },
};
static const struct shape user_handoff_shape = SHAPE("UserHandoff", struct user_handoff,
        user_handoff_fields, "How a user hears of handoffs.");

#define USER(member) offsetof(struct user, member)

static const struct field user_fields[] = {
	COMMON_FIELDS,
	{ "email", FIELD_EMAIL, 0, USER(email),
	        .help = "To sign in with; not a contact by itself." },
	{ "role", FIELD_CUSTOM, 0, USER(role), .decode = role_decode, .encode = role_encode,
	        .schema = "{\"enum\":[\"owner\",\"admin\",\"member\",\"stakeholder\"]}",
	        .help = "What the user may do; member when absent." },
	{ "zone", FIELD_CUSTOM, 0, USER(zone), .decode = zone_decode, .encode = zone_encode,
	        .schema = ZONE_SCHEMA, .help = "The zone in which times are shown." },
	{ "contacts", FIELD_MAP, FIELD_SLUG_KEYS, USER(contacts), .sub = &contact_shape,
	        .max = 50, .help = "Ways to reach the user." },
	{ "paging", FIELD_OBJECT, 0, USER(paging), .sub = &paging_shape,
	        .help = "Which contact is used when." },
	{ "handoff", FIELD_OBJECT, 0, USER(handoff), .sub = &user_handoff_shape,
	        .fallback = "{}", .help = "How the user hears of their own handoffs." },
};
const struct shape user_shape = SHAPE("User", struct user, user_fields, "A person.");

const struct contact *
user_contact(const struct user *u, const char *contact_id)
{
	const struct contact *contacts = u->contacts.items;

	for (size_t i = 0; i < u->contacts.n; i++)
		if (strcmp(contacts[i].id, contact_id) == 0)
			return &contacts[i];
	return NULL;
}

static int
by_time(const void *a, const void *b)
{
	const struct paging_step *x = a, *y = b;

	return (x->after > y->after) - (x->after < y->after);
}

/* Insertion keeps the order of equals, which qsort does not promise. */
static void
sort_steps(struct vec *vec)
{
	struct paging_step *steps = vec->items;

	for (size_t i = 1; i < vec->n; i++) {
		struct paging_step s = steps[i];
		size_t k = i;
		for (; k > 0 && by_time(&steps[k - 1], &s) > 0; k--)
			steps[k] = steps[k - 1];
		steps[k] = s;
	}
}

static void
paging_settle(struct draft *d, struct user *u, enum urgency urgency)
{
	const struct json *list = json_get(json_get(d->tree, "paging"), urgency_names[urgency]);
	const struct paging_step *steps = u->paging[urgency].items;

	for (size_t i = 0; i < u->paging[urgency].n; i++) {
		if (steps[i].contact == NULL || user_contact(u, steps[i].contact) != NULL)
			continue;
		size_t a = shape_enter(d->r, STR("paging"));
		shape_enter(d->r, str_from(urgency_names[urgency]));
		shape_enter_index(d->r, i);
		shape_fault(d->r, list == NULL ? NULL : &list->array.items[i],
		        "%s has no contact \"%s\"", u->c.id, steps[i].contact);
		shape_leave(d->r, a);
	}
	sort_steps(&u->paging[urgency]);
}

static void
handoff_settle(struct draft *d, const struct user *u)
{
	const char *contact = u->handoff.contact;

	if (contact == NULL || user_contact(u, contact) != NULL)
		return;
	size_t mark = shape_enter(d->r, STR("handoff"));
	shape_enter(d->r, STR("contact"));
	shape_fault(d->r, json_get(json_get(d->tree, "handoff"), "contact"),
	        "%s has no contact \"%s\"", u->c.id, contact);
	shape_leave(d->r, mark);
}

void
user_settle(struct draft *d)
{
	struct user *u = d->value;
	const struct user *before = d->before;
	struct contact *contacts = u->contacts.items;
	const struct json *tree = json_get(d->tree, "contacts");

	if (u->role == ROLE_NONE)
		u->role = ROLE_MEMBER;
	for (size_t i = 0; i < u->contacts.n; i++) {
		size_t mark = shape_enter(d->r, STR("contacts"));
		shape_enter(d->r, str_from(contacts[i].id));
		contact_settle(d, json_get(tree, contacts[i].id),
		        before == NULL ? NULL : user_contact(before, contacts[i].id),
		        &contacts[i]);
		shape_leave(d->r, mark);
	}
	for (int i = 0; i < URGENCY_MAX; i++)
		paging_settle(d, u, (enum urgency)i);
	handoff_settle(d, u);
}

/* ---- teams ---- */

static const char *const membership_names[MEMBERSHIP_MAX + 1] = {
	[MEMBER_RESPONDER] = "responder",
	[MEMBER_MANAGER] = "manager",
};

/* A map from user to word: each key is a reference of its own. */
static void
members_decode(struct shape_reader *r, const struct json *v, void *ret)
{
	struct vec *out = ret;
	const struct field word = { "as", FIELD_ENUM, .names = membership_names };
	const struct shape one = {
		.name = "as", .size = sizeof(int), .fields = &word, .n_fields = 1
	};

	if (v->type != JSON_OBJECT) {
		shape_fault(r, v, "expected users with \"manager\" or \"responder\"");
		return;
	}
	struct member *members = ARENA_ARRAY(r->mem, v->object.n, struct member);
	for (size_t i = 0; i < v->object.n; i++) {
		struct json_member m = v->object.members[i];
		struct json_member as = {
			.key = STR("as"), .value = m.value, .line = m.line, .column = m.column
		};
		struct json wrapped = { .type = JSON_OBJECT,
			.line = m.line,
			.column = m.column,
			.object = { &as, 1 } };
		int level = 0;
		size_t mark = shape_enter(r, m.key);
		if (shape_decode(r, &one, &wrapped, &level))
			members[i] = (struct member){ .id = str_dup(r->mem, m.key),
				.as = (enum membership)level };
		else
			members[i].id = str_dup(r->mem, m.key);
		shape_leave(r, mark);
	}
	out->items = members;
	out->n = v->object.n;
}

static void
members_encode(struct jsonw *w, const void *value)
{
	const struct vec *vec = value;
	const struct member *members = vec->items;

	if (vec->n == 0)
		return;
	jsonw_object(w);
	for (size_t i = 0; i < vec->n; i++)
		jsonw_member(w, members[i].id, membership_names[members[i].as]);
	jsonw_end_object(w);
}

static const struct field team_fields[] = {
	COMMON_FIELDS,
	{ "members", FIELD_CUSTOM, 0, offsetof(struct team, members), .decode = members_decode,
	        .encode = members_encode,
	        .schema =
	                "{\"type\":\"object\",\"format\":\"members\",\"additionalProperties\":{\"enum\":[\"responder\","
	                "\"manager\"]}}",
	        .help = "Users, each manager or responder." },
	{ "zone", FIELD_CUSTOM, 0, offsetof(struct team, zone), .decode = zone_decode,
	        .encode = zone_encode, .schema = ZONE_SCHEMA,
	        .help = "The zone of the team's wall clocks." },
};
const struct shape team_shape =
        SHAPE("Team", struct team, team_fields, "People who own services.");

void
team_targets(struct ctx *cx, const void *value, each_target_fn *fn, void *arg)
{
	const struct team *team = value;
	const struct member *members = team->members.items;

	for (size_t i = 0; i < team->members.n; i++) {
		struct str id = str_from(members[i].id);
		struct buf at = BUF_INIT(&cx->mem, 2 * id.len + 20);
		buf_puts(&at, "/members");
		buf_pointer(&at, id);
		fn(arg, buf_cstr(&at),
		        &(struct target){ .kind = TARGET_USER, .id = members[i].id });
	}
}

/* ---- channels ---- */

#define CHANNEL(member) offsetof(struct channel_doc, contact.member)

static const struct field channel_fields[] = {
	COMMON_FIELDS,
	{ "team", FIELD_REF, 0, offsetof(struct channel_doc, team), .ref = "team",
	        .help = "Who looks after it." },
	{ "type", FIELD_ENUM, FIELD_REQUIRED, CHANNEL(type), .names = contact_type_names,
	        .help = "How a message goes there." },
	{ "address", FIELD_STRING, FIELD_REQUIRED, CHANNEL(address), .min = 1, .max = 2048,
	        .help = "An e-mail address, or the URL of a webhook." },
	{ "secret", FIELD_CUSTOM, 0, CHANNEL(secret), .decode = secret_decode,
	        .encode = secret_encode, .schema = SECRET_SCHEMA,
	        .help = "Signs the body of a webhook." },
};
const struct shape channel_shape = SHAPE("Channel", struct channel_doc, channel_fields,
        "Where messages go that belong to no person: a list, a room, a machine.");

void
channel_settle(struct draft *d)
{
	struct channel_doc *c = d->value;
	const struct channel_doc *before = d->before;

	contact_settle(d, d->tree, before == NULL ? NULL : &before->contact, &c->contact);
}
