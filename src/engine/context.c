/* SPDX-License-Identifier: Apache-2.0 */
/* What a page tells: why this person, what broke, and what happens if nobody answers. Times are
 * in the zone of whoever reads it. */
#include "calendar/civil.h"
#include "engine/page.h"
#include "engine/room.h"
#include "engine/rows.h"
#include "engine/targets.h"
#include "queries.h"

static const char *
why_text(struct ctx *cx, const struct page_job *job)
{
	struct target t;

	if (!target_parse(&cx->mem, str_from(job->page.because), &t))
		return job->page.because;
	switch (t.kind) {
	case TARGET_USER:
		return "You are named by the escalation policy, or somebody asked for you.";
	case TARGET_TEAM:
		return arena_printf(&cx->mem, "You are a member of team %s.", t.id);
	case TARGET_SCHEDULE:
		return arena_printf(&cx->mem, "You are on call for schedule %s.", t.id);
	case TARGET_POLICY:
	case TARGET_CHANNEL:
		break;
	}
	return arena_printf(&cx->mem, "Sent to %s.", job->page.because);
}

static const char *
step_targets(struct ctx *cx, const struct policy_step *step)
{
	struct buf out = BUF_INIT(&cx->mem, 300);
	const struct target *targets = step->page.items;

	for (size_t i = 0; i < step->page.n; i++)
		buf_printf(
		        &out, "%s%s", i == 0 ? "" : ", ", target_print(&cx->mem, &targets[i]));
	return buf_cstr(&out);
}

static struct err *
next_text(struct ctx *cx, struct engine *e, const struct run *run, const struct zone *zone,
        const char **ret)
{
	const struct policy *policy = NULL;

	if (run == NULL || run->state == RUN_ENDED || run->policy == NULL)
		return NULL;
	TRY(config_policy_at(
	        cx, e->config, e->snapshot, run->policy, run->policy_revision, &policy));

	struct next nx = escalation_next(policy, run->step, run->round);
	const struct policy_step *steps = policy == NULL ? NULL : policy->steps.items;
	const char *who = nx.what == NEXT_EXHAUSTED ? "the organisation's catch-all"
	                                            : step_targets(cx, &steps[nx.step]);
	*ret = arena_printf(&cx->mem, "If nobody answers, %s is paged at %s.", who,
	        clock_text(&cx->mem, zone, run->step_ends_at));
	return NULL;
}

/* What the alert itself points at comes before what stands at its service. */
static void
add_links(struct ctx *cx, struct page_job *job, const struct json *links)
{
	size_t n = links != NULL && links->type == JSON_OBJECT ? links->object.n : 0;
	struct pair *all = ARENA_ARRAY(&cx->mem, n + job->n_links, struct pair);

	for (size_t i = 0; i < n; i++)
		all[i] = (struct pair){ str_dup(&cx->mem, links->object.members[i].key),
			json_as_text(&cx->mem, &links->object.members[i].value) };
	if (job->n_links > 0)
		memcpy(all + n, job->links, job->n_links * sizeof *all);
	job->links = all;
	job->n_links += n;
}

void
page_job_read_signal(struct ctx *cx, struct page_job *job)
{
	struct json *body = NULL;
	const struct json *details;

	/* With what was added to it a signal at the limits is beyond them; and a page without
	 * its details is better than none. */
	if (job->signal == NULL
	        || json_parse(cx, str_from(job->signal), JSON_LIMITS_CONFIG, &body) != NULL)
		return;
	details = json_get(body, "details");
	job->details =
	        details != NULL && details->type == JSON_STRING ? details->string.p : NULL;
	add_links(cx, job, json_get(body, "links"));
}

static void
names(const struct snapshot *s, struct page_job *job)
{
	const struct user *user = snapshot_user(s, job->page.user_id);
	const struct contact *contact =
	        user == NULL ? NULL : user_contact(user, job->page.contact);
	const struct channel_doc *channel = snapshot_channel(s, job->page.contact);
	const struct service *service = snapshot_service(s, job->incident.service);
	const struct team *team = snapshot_team(s, job->incident.team);

	job->organisation = snapshot_organisation(s)->c.name;
	job->user_name = user == NULL ? NULL : user->c.name;
	job->service_name = service == NULL ? NULL : service->c.name;
	job->team_name = team == NULL ? NULL : team->c.name;
	if (job->page.user_id == NULL && channel != NULL)
		contact = &channel->contact;
	job->contact_secret = contact == NULL ? NULL : contact->secret.plain;
	job->links = service == NULL ? NULL : service->links.items;
	job->n_links = service == NULL ? 0 : service->links.n;
}

static void
add_line(struct buf *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		buf_printf(out, "%s: %s\n", name, text);
}

#define BRIEF_LINES_MAX 2400 /* four fields and their names */

/* What is known spares who is woken later the reading. */
static struct err *
brief_context(struct ctx *cx, struct page_job *job, const struct zone *zone)
{
	struct buf out = BUF_INIT(&cx->mem, BRIEF_LINES_MAX);
	struct brief b;

	if (!job->incident.briefed)
		return NULL;
	TRY(brief_load(cx, job->incident.id, &b));
	if (b.revision == 0)
		return NULL;
	add_line(&out, "Now", b.status);
	add_line(&out, "Impact", b.impact);
	add_line(&out, "We think", b.theory);
	add_line(&out, "Next", b.next_step);
	if (b.next_by != 0)
		add_line(&out, "By", clock_text(&cx->mem, zone, b.next_by));
	job->brief = out.len == 0 ? NULL : buf_cstr(&out);
	return NULL;
}

struct err *
page_context(struct ctx *cx, struct engine *e, struct page_job *job, const struct run *run)
{
	const struct user *user = snapshot_user(e->snapshot, job->page.user_id);
	const struct zone *zone = snapshot_zone(
	        e->snapshot, user == NULL ? NULL : user->zone, job->incident.team);

	names(e->snapshot, job);
	if (job->notice_title != NULL)
		return NULL;
	job->why = why_text(cx, job);
	if (job->page.is_bundle)
		return NULL;
	job->since = clock_text(&cx->mem, zone, job->incident.opened_at);
	TRY(next_text(cx, e, run, zone, &job->next));
	return brief_context(cx, job, zone);
}
