/* SPDX-License-Identifier: Apache-2.0 */
#include "api/described.h"

#include "engine/model.h"

#define TEXT(name, flags, text)                                                                \
	{                                                                                      \
		name, FIELD_STRING, flags, 0, .help = (text)                                   \
	}
#define NUMBER(name, flags, text)                                                              \
	{                                                                                      \
		name, FIELD_INT, flags, 0, .help = (text)                                      \
	}
#define INSTANT(name, flags, text)                                                             \
	{                                                                                      \
		name, FIELD_TIME, flags, 0, .help = (text)                                     \
	}
#define OTHER(name, flags, json, text)                                                         \
	{                                                                                      \
		name, FIELD_CUSTOM, flags, 0, .schema = (json), .help = (text)                 \
	}
#define DESCRIBED(shape_name, table, text)                                                     \
	{                                                                                      \
		.name = (shape_name), .fields = (table), .n_fields = NELEMS(table),            \
		.help = (text)                                                                 \
	}

#define PEOPLE                                                                                 \
	"{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\"],"            \
	"\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"}}}}"
#define CHANGES                                                                                  \
	"{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"kind\",\"id\","      \
	"\"verb\"],\"properties\":{\"kind\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"}," \
	"\"verb\":{\"enum\":[\"add\",\"change\",\"remove\"]},\"before\":{\"type\":\"object\"},"  \
	"\"after\":{\"type\":\"object\"},\"new_key\":{\"type\":\"string\"}}}}"

static const struct field me[] = {
	TEXT("id", FIELD_REQUIRED, "Your user."),
	TEXT("name", 0, "As people call you."),
	TEXT("email", 0, "With which you sign in."),
	TEXT("role", FIELD_REQUIRED, "What you may do."),
	TEXT("scopes", FIELD_REQUIRED, "What this sign-in may do."),
	TEXT("organisation", 0, "Its name."),
};
const struct shape me_described = DESCRIBED("Me", me, "Who you are.");

static const struct field factor_made[] = {
	TEXT("secret", FIELD_REQUIRED, "To be typed into an authenticator app, base32."),
	TEXT("uri", FIELD_REQUIRED, "The same as otpauth://."),
	TEXT("svg", FIELD_REQUIRED, "The uri as a QR code; empty when it is too long for one."),
};
const struct shape factor_made_described = DESCRIBED("FactorMade", factor_made,
        "The secret of a second factor, shown once; it counts when a code confirmed it.");

static const struct field recovery[] = {
	OTHER("codes", FIELD_REQUIRED, "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
	        "Each signs in once in the place of a code; shown only now."),
};
const struct shape recovery_described =
        DESCRIBED("RecoveryCodes", recovery, "New recovery codes.");

static const struct field token_made[] = {
	TEXT("secret", FIELD_REQUIRED, "The token itself: shown once."),
	OTHER("token", FIELD_REQUIRED, "{\"$ref\":\"#/components/schemas/Token\"}",
	        "What is kept of it."),
};
const struct shape token_made_described = DESCRIBED("TokenMade", token_made, "A new token.");

static const struct field feed_made[] = {
	TEXT("url", FIELD_REQUIRED, "The address to subscribe to: shown once."),
	OTHER("feed", FIELD_REQUIRED, "{\"$ref\":\"#/components/schemas/Feed\"}",
	        "What is kept of it."),
};
const struct shape feed_made_described = DESCRIBED("FeedMade", feed_made, "A new calendar.");

static const struct field key_made[] = {
	TEXT("key", FIELD_REQUIRED, "The new key: shown once."),
	INSTANT("old_key_until", FIELD_REQUIRED, "When the old one ends."),
	NUMBER("revision", FIELD_REQUIRED, "Of the configuration, after it."),
	TEXT("source", 0, "The --source of the apply that brought the integration."),
};
const struct shape key_made_described = DESCRIBED("KeyMade", key_made, "A new key.");

static const struct field link[] = {
	TEXT("url", FIELD_REQUIRED, "To give to the person."),
	INSTANT("expires_at", FIELD_REQUIRED, "When it ends."),
};
const struct shape link_described = DESCRIBED("SignInLink", link, "Signs somebody in once.");

static const struct field version[] = {
	TEXT("version", FIELD_REQUIRED, "Of the program that answers."),
};
const struct shape version_described = DESCRIBED("Version", version, "Which Tocsin this is.");

static const struct field plan[] = {
	NUMBER("revision", FIELD_REQUIRED, "Of the configuration, after it."),
	{ "dry_run", FIELD_BOOL, FIELD_REQUIRED, 0, .help = "Whether nothing was changed." },
	OTHER("changes", FIELD_REQUIRED, CHANGES,
	        "What changes; a new integration's key once."),
};
const struct shape plan_described = DESCRIBED("Plan", plan, "What a change amounts to.");

static const struct field diff[] = {
	NUMBER("from", FIELD_REQUIRED, "The older revision."),
	NUMBER("to", FIELD_REQUIRED, "The newer one."),
	OTHER("changes", FIELD_REQUIRED, CHANGES, "What changed between them."),
};
const struct shape diff_described = DESCRIBED("Diff", diff, "Between two revisions.");

static const struct field whole[] = {
	OTHER("organisation", 0, "{\"$ref\":\"#/components/schemas/Organisation\"}",
	        "And beside it one object a kind, in the plural, from id to document."),
};
const struct shape organisation_described =
        DESCRIBED("Configuration", whole, "All documents, as a file has them.");

static const struct field duty[] = {
	TEXT("schedule", FIELD_REQUIRED, "Its id."),
	TEXT("name", FIELD_REQUIRED, "Its name."),
	TEXT("team", 0, "Whose it is."),
	INSTANT("at", FIELD_REQUIRED, "The instant that was asked for."),
	INSTANT("until", 0, "When that changes; absent: never."),
	OTHER("users", FIELD_REQUIRED, PEOPLE, "Who is on call; none: nobody."),
};
const struct shape duty_described = DESCRIBED("Duty", duty, "Who is on call by a schedule.");

static const struct field shift[] = {
	INSTANT("from", FIELD_REQUIRED, "Its first instant."),
	INSTANT("to", FIELD_REQUIRED, "The first instant after it."),
	OTHER("users", FIELD_REQUIRED, PEOPLE, "Who is on call; none: a gap."),
};
const struct shape shift_described = DESCRIBED("Shift", shift, "A stretch of duty, or a gap.");

#define PAGES                                                                                  \
	"{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"at\","             \
	"\"catch_all\",\"because\"],\"properties\":{\"at\":{\"type\":\"string\",\"format\":"   \
	"\"date-time\"},\"catch_all\":{\"type\":\"boolean\"},\"step\":{\"type\":\"integer\"}," \
	"\"round\":{\"type\":\"integer\"},\"user\":{\"type\":\"string\"},\"contact\":{"        \
	"\"type\":\"string\"},\"because\":{\"type\":\"string\"},\"reason\":{\"type\":"         \
	"\"string\"}}}}"

#define MUTED                                                                                  \
	"{\"type\":\"object\",\"required\":[\"window\",\"why\",\"until\"],\"properties\":{"    \
	"\"window\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"why\":{\"type\":"   \
	"\"string\"},\"until\":{\"type\":\"string\",\"format\":\"date-time\"}}}"

static const struct field preview[] = {
	TEXT("service", FIELD_REQUIRED, "Its id."),
	TEXT("policy", 0, "By which people are paged; absent: only the catch-all is."),
	TEXT("urgency", FIELD_REQUIRED, "high or low."),
	INSTANT("at", FIELD_REQUIRED, "When the incident would open."),
	OTHER("muted", 0, MUTED,
	        "The maintenance window that holds paging back; absent: none."),
	OTHER("pages", FIELD_REQUIRED, PAGES, "In order; one with a reason is not sent."),
	INSTANT("exhausted_at", 0, "When nobody would be left."),
};
const struct shape preview_described =
        DESCRIBED("Preview", preview, "Who would be paged if nobody answered.");

static const struct field kind[] = {
	TEXT("kind", FIELD_REQUIRED, "As references have it: user."),
	TEXT("section", FIELD_REQUIRED, "As files and addresses have it: users."),
	TEXT("help", 0, "What it is."),
	OTHER("fields", FIELD_REQUIRED,
	        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"name\","
	        "\"type\"],\"properties\":{\"name\":{\"type\":\"string\"},\"type\":{\"type\":"
	        "\"string\"},\"help\":{\"type\":\"string\"},\"required\":{\"type\":\"boolean\"},"
	        "\"values\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"ref\":{\"type\":"
	        "\"string\"},\"of\":{\"type\":\"string\"},\"fields\":{\"type\":\"array\",\"items\":{"
	        "\"type\":\"object\"}},\"schema\":{\"type\":\"object\"}}}}",
	        "In their order; a field with fields of its own holds objects."),
};
const struct shape kind_described = DESCRIBED("Kind", kind, "A kind of documents.");

#define JUDGED                                                                                 \
	"{\"type\":\"object\",\"required\":[\"rules\",\"severity\",\"urgency\",\"dedup_key\"," \
	"\"summary\"],\"properties\":{\"rules\":{\"type\":\"array\",\"items\":{\"type\":"      \
	"\"string\"}},\"service\":{\"type\":[\"string\",\"null\"]},\"policy\":{\"type\":["     \
	"\"string\",\"null\"]},\"unrouted\":{\"type\":\"string\"},\"severity\":{\"type\":"     \
	"\"string\"},\"urgency\":{\"type\":\"string\"},\"dedup_key\":{\"type\":\"string\"},"   \
	"\"summary\":{\"type\":\"string\"},\"broken\":{\"type\":\"string\"},\"trace\":{"       \
	"\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"

static const struct field rules_tested[] = {
	NUMBER("signals", FIELD_REQUIRED, "On how many it was tried."),
	NUMBER("changed", FIELD_REQUIRED, "To how many something else would happen."),
	OTHER("items", FIELD_REQUIRED,
	        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"dedup_key\","
	        "\"summary\",\"differs\",\"before\",\"after\"],\"properties\":{\"signal\":{\"type\":"
	        "\"integer\"},\"at\":{\"type\":\"string\"},\"integration\":{\"type\":\"string\"},"
	        "\"dedup_key\":{\"type\":\"string\"},\"summary\":{\"type\":\"string\"},\"differs\":{"
	        "\"type\":\"boolean\"},\"before\":" JUDGED ",\"after\":" JUDGED "}}}",
	        "Each signal as it came, and what becomes of it now and by the draft."),
	OTHER("rules", FIELD_REQUIRED,
	        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"set\",\"rule\","
	        "\"before\",\"after\"],\"properties\":{\"set\":{\"type\":\"string\"},\"rule\":{\"type\":"
	        "\"string\"},\"before\":{\"type\":\"integer\"},\"after\":{\"type\":\"integer\"}}}}",
	        "How many of the signals each rule took, now and by the draft."),
	OTHER("cases", FIELD_REQUIRED,
	        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"set\",\"name\","
	        "\"passed\"],\"properties\":{\"set\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
	        "\"passed\":{\"type\":\"boolean\"},\"error\":{\"type\":\"string\"},\"faults\":{\"type\":"
	        "\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"field\":{\"type\":\"string\"},"
	        "\"expected\":{\"type\":[\"string\",\"null\"]},\"seen\":{\"type\":[\"string\",\"null\"]}}}}}}}",
	        "The cases that rule sets keep."),
};
const struct shape rules_tested_described =
        DESCRIBED("RulesTested", rules_tested, "What rules make of signals.");

#define OBJECTS(required, properties)                                                          \
	"{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[" required "],"      \
	"\"properties\":{" properties "}}}"
#define WORD "{\"type\":\"string\"}"

static const struct field trial[] = {
	OTHER("passed", FIELD_REQUIRED, "{\"type\":\"boolean\"}", "Whether all of it holds."),
	OTHER("faults", FIELD_REQUIRED,
	        OBJECTS("\"line\",\"message\"",
	                "\"line\":{\"type\":\"integer\"},\"text\":" WORD ",\"message\":" WORD),
	        "The first line that does not hold, and why."),
	OTHER("pages", FIELD_REQUIRED,
	        OBJECTS("\"at\",\"who\",\"contact\",\"dedup_key\",\"expected\",\"late\"",
	                "\"at\":" WORD ",\"who\":" WORD ",\"contact\":" WORD
	                ",\"dedup_key\":" WORD
	                ",\"expected\":{\"type\":\"boolean\"},\"late\":{\"type\":\"boolean\"}"),
	        "Every page, and whether a line had expected it."),
	OTHER("events", FIELD_REQUIRED,
	        OBJECTS("\"at\",\"type\",\"sentence\"",
	                "\"at\":" WORD ",\"incident\":{\"type\":\"integer\"},\"type\":" WORD
	                ",\"user\":" WORD ",\"actor\":" WORD ",\"dedup_key\":" WORD
	                ",\"sentence\":" WORD),
	        "What happened, at most 500."),
};
const struct shape trial_described = DESCRIBED("Trial", trial, "A scenario that was run.");

static const struct field policy_checked[] = {
	TEXT("policy", FIELD_REQUIRED, "Its id."),
	TEXT("urgency", FIELD_REQUIRED, "high or low."),
	INSTANT("at", FIELD_REQUIRED, "When the incident would open."),
	OTHER("pages", FIELD_REQUIRED, PAGES, "In order; one with a reason is not sent."),
	INSTANT("exhausted_at", 0, "When nobody would be left."),
	OTHER("findings", FIELD_REQUIRED,
	        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"pointer\","
	        "\"finding\"],\"properties\":{\"pointer\":{\"type\":\"string\"},\"finding\":{"
	        "\"type\":\"string\"}}}}",
	        "What compiles and still would leave an alarm unheard; where it stands."),
};
const struct shape policy_checked_described =
        DESCRIBED("PolicyChecked", policy_checked, "A policy walked in thought.");

static const struct field finding[] = {
	TEXT("about", FIELD_REQUIRED, "The document."),
	TEXT("finding", FIELD_REQUIRED, "What is wrong with it."),
};
const struct shape finding_described =
        DESCRIBED("Finding", finding, "What would keep people from being paged.");

static const struct field verified[] = {
	{ "whole", FIELD_BOOL, FIELD_REQUIRED, 0, .help = "Whether every hash fits." },
	NUMBER("events", FIELD_REQUIRED, "How many were looked at."),
	NUMBER("incidents", FIELD_REQUIRED,
	        "Whose chains they form, beside the organisation's."),
	NUMBER("archived", FIELD_REQUIRED, "Incidents whose record is in files."),
	NUMBER("newest", FIELD_REQUIRED, "The number of the newest event."),
	TEXT("head", FIELD_REQUIRED, "The last hash of the organisation's own chain."),
	OTHER("fault", 0,
	        "{\"type\":\"object\",\"required\":[\"detail\"],\"properties\":{\"detail\":{"
	        "\"type\":\"string\"},\"event\":{\"type\":\"integer\"},\"incident\":{\"type\":"
	        "\"integer\"}}}",
	        "The first that does not fit: its event, and its incident unless it is the "
	        "organisation's chain."),
};
const struct shape verified_described =
        DESCRIBED("Verified", verified, "Whether the record is as it was written.");

static const struct field accepted[] = {
	OTHER("results", FIELD_REQUIRED,
	        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"signal\","
	        "\"dedup_key\",\"outcome\"],\"properties\":{\"signal\":{\"type\":\"integer\"},"
	        "\"dedup_key\":{\"type\":\"string\"},\"outcome\":{\"type\":\"string\"},\"alert\":{"
	        "\"type\":\"integer\"},\"incident\":{\"type\":\"integer\"}}}}",
	        "One for each signal, in their order."),
};
const struct shape accepted_described =
        DESCRIBED("Accepted", accepted, "Signals that are on record.");
