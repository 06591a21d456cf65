/* SPDX-License-Identifier: Apache-2.0 */
/* Escalation policies, services, integrations, and the channels that steps need. */
#include "importer/import_priv.h"

#define TARGETS_MAX 50 /* of one step */
#define STEPS_MAX 50

struct policy_part *
part_add(struct import *im, struct import_policy *p)
{
	ARENA_PUSH(&im->cx->mem, p->steps, p->n, p->cap) =
	        (struct policy_part){ .wait = MINUTES(5) };
	return &p->steps[p->n - 1];
}

void
target_add(struct import *im, struct policy_part *part, struct import_target t)
{
	for (size_t i = 0; i < part->n; i++)
		if (strcmp(part->targets[i].kind, t.kind) == 0
		        && strcmp(part->targets[i].slug, t.slug) == 0
		        && part->targets[i].next == t.next)
			return;
	ARENA_PUSH(&im->cx->mem, part->targets, part->n, part->cap) = t;
}

bool
targets_add(struct import *im, struct policy_part *part, enum kind kind, const char *theirs,
        bool next)
{
	struct named named = import_named(im, kind, theirs);

	for (size_t i = 0; i < named.n; i++)
		target_add(im, part,
		        (struct import_target){ kind_name(kind), named.slugs[i], next });
	return named.n > 0;
}

void
target_email(struct import *im, struct policy_part *part, struct row where, const char *address)
{
	const char *slug = import_slug(im, KIND_CHANNEL, address);

	if (slug == NULL) {
		struct str name = str_from(address);
		slug = import_name(
		        im, KIND_CHANNEL, address, str_dup(&im->cx->mem, str_cut(&name, '@')));
		struct jsonw *w = doc_begin(im, KIND_CHANNEL, slug, address, NULL);
		jsonw_member(w, "type", "email");
		jsonw_member(w, "address", address);
		doc_end(im, where);
	}
	target_add(im, part, (struct import_target){ "channel", slug, false });
}

/* Steps that follow at once are one step. */
static size_t
join_steps(struct import *im, struct import_policy *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		bool at_once = n > 0 && p->steps[n - 1].wait == 0
		        && !p->steps[n - 1].round_robin && !p->steps[i].round_robin;
		if (!at_once) {
			p->steps[n++] = p->steps[i];
			continue;
		}
		for (size_t t = 0; t < p->steps[i].n; t++)
			target_add(im, &p->steps[n - 1], p->steps[i].targets[t]);
		p->steps[n - 1].wait = p->steps[i].wait;
	}
	return n;
}

static void
write_target(struct import *im, const struct import_target *t)
{
	struct jsonw *w = &im->w;
	const char *text = arena_printf(&im->cx->mem, "%s/%s", t->kind, t->slug);

	if (!t->next) {
		jsonw_cstr(w, text);
		return;
	}
	jsonw_object(w);
	jsonw_member(w, "to", text);
	jsonw_member(w, "who", "next");
	jsonw_end_object(w);
}

static void
write_step(struct import *im, const struct policy_part *part)
{
	struct jsonw *w = &im->w;
	char span[DURATION_MAX];

	jsonw_object(w);
	jsonw_key(w, "page");
	jsonw_array(w);
	for (size_t i = 0; i < part->n && i < TARGETS_MAX; i++)
		write_target(im, &part->targets[i]);
	jsonw_end_array(w);
	jsonw_member(w, "wait", duration_print(part->wait, span));
	if (part->round_robin) {
		jsonw_key(w, "round_robin");
		jsonw_bool(w, true);
	}
	jsonw_end_object(w);
}

void
policy_write(struct import *im, struct row where, struct import_policy *p)
{
	const char *what = arena_printf(&im->cx->mem, "policy/%s", p->slug);
	size_t n = join_steps(im, p), written = 0;
	char span[DURATION_MAX];
	struct jsonw *w = doc_begin(im, KIND_POLICY, p->slug, p->name, p->description);

	if (p->team != NULL)
		jsonw_member(w, "team", p->team);
	if (p->delay > 0)
		jsonw_member(w, "delay", duration_print(p->delay, span));
	jsonw_key(w, "steps");
	jsonw_array(w);
	for (size_t i = 0; i < n && written < STEPS_MAX; i++) {
		if (p->steps[i].n == 0) {
			note_changed(im, where, what,
			        "step %zu pages nobody any more and was taken out", i + 1);
			continue;
		}
		if (p->steps[i].n > TARGETS_MAX)
			note_changed(im, where, what, "step %zu has more than %d targets",
			        i + 1, TARGETS_MAX);
		write_step(im, &p->steps[i]);
		written++;
	}
	jsonw_end_array(w);
	if (p->repeat > 0)
		jsonw_member_int(w, "repeat", p->repeat > 100 ? 100 : p->repeat);
	doc_end(im, where);
}

void
service_write(struct import *im, struct row where, const struct import_service *s)
{
	struct jsonw *w = doc_begin(im, KIND_SERVICE, s->slug, s->name, s->description);

	jsonw_member_opt(w, "team", s->team);
	jsonw_member_opt(w, "policy", s->policy);
	jsonw_member_opt(w, "urgency", s->urgency);
	if (s->n_keys > 0) {
		jsonw_key(w, "routing_keys");
		jsonw_array(w);
		for (size_t i = 0; i < s->n_keys; i++)
			jsonw_cstr(w, s->routing_keys[i]);
		jsonw_end_array(w);
	}
	doc_end(im, where);
}

static bool
type_known(const char *type)
{
	for (size_t i = 0; i < INTEGRATION_TYPE_MAX; i++)
		if (strcmp(integration_type_names[i], type) == 0)
			return true;
	return false;
}

void
integration_write(struct import *im, struct row where, const struct import_integration *in)
{
	const char *type = in->type[0] == '\0' ? "native" : in->type;

	if (!type_known(type)) {
		note_left_out(im, where,
		        arena_printf(&im->cx->mem, "integration \"%s\"", in->name),
		        "there is no integration of the type %s", type);
		return;
	}
	const char *slug = import_name(im, KIND_INTEGRATION, "", in->name);
	struct jsonw *w = doc_begin(im, KIND_INTEGRATION, slug, in->name, NULL);
	jsonw_member(w, "type", type);
	jsonw_member_opt(w, "team", in->team);
	jsonw_member_opt(w, "service", in->service);
	if (im->options->keys && in->key != NULL && in->key[0] != '\0')
		jsonw_member(w, "key", in->key);
	doc_end(im, where);
}
