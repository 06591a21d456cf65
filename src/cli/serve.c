/* SPDX-License-Identifier: Apache-2.0 */
/* `tocsin serve`: from options to a running server, until it is asked to stop. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/app.h"
#include "api/setup.h"
#include "base/log.h"
#include "cli/verb.h"
#include "http/remote.h"

static struct err *
read_password(struct call *call, const char *path, const char **ret)
{
	char line[1024] = "";
	FILE *f = path == NULL ? NULL : fopen(path, "re");

	*ret = NULL;
	if (path == NULL)
		return NULL;
	if (f == NULL || fgets(line, sizeof line, f) == NULL) {
		if (f != NULL)
			fclose(f);
		return err_new(
		        &call->cx, ERR_INVALID, "cannot read a password from %s: %m", path);
	}
	fclose(f);
	line[strcspn(line, "\r\n")] = '\0';
	*ret = arena_strdup(&call->cx.mem, line);
	return NULL;
}

static struct err *
set_log(struct call *call)
{
	static const char *const levels[LOG_LEVEL_MAX] = {
		[LOG_DEBUG] = "debug",
		[LOG_INFO] = "info",
		[LOG_WARN] = "warn",
		[LOG_ERROR] = "error",
	};

	for (int i = 0; i < LOG_LEVEL_MAX; i++)
		if (strcmp(levels[i], opt(call, "--log")) == 0) {
			log_setup((enum log_level)i, opt_flag(call, "--log-json"));
			return NULL;
		}
	return err_field(
	        &call->cx, ERR_INVALID, "usage", "--log is debug, info, warn or error");
}

/* At least the largest request with all that is made of it; below a thousandth of what can be
 * addressed. */
#define MEMORY_MIN_MIB 16
#define MEMORY_MAX_MIB (1 << 20)

static struct err *
set_memory(struct call *call, size_t *ret)
{
	int64_t mib;

	if (!str_int(str_from(opt(call, "--memory")), &mib) || mib < MEMORY_MIN_MIB
	        || mib > MEMORY_MAX_MIB)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--memory takes a number of MiB from %d to %d", MEMORY_MIN_MIB,
		        MEMORY_MAX_MIB);
	*ret = (size_t)mib << 20;
	return NULL;
}

#define SESSION_LEAST MINUTES(5)
#define SESSION_MOST DAYS(365)

static struct err *
span_of(struct call *call, const char *name, usec_t least, usec_t most, usec_t *ret)
{
	char from[DURATION_MAX], to[DURATION_MAX];

	if (duration_parse(str_from(opt(call, name)), ret) && *ret >= least && *ret <= most)
		return NULL;
	return err_field(&call->cx, ERR_INVALID, "usage", "%s takes a span from %s to %s", name,
	        duration_print(least, from), duration_print(most, to));
}

/* Far apart from what one slow commit takes, unless a test is impatient. */
#define STUCK_LEAST SECONDS(1)
#define STUCK_MOST HOURS(1)

/* Who may knock, how often, and for how long one stays in. */
static struct err *
set_doors(struct call *call, struct app_config *ret)
{
	int64_t n;

	TRY(span_of(call, "--session-span", SESSION_LEAST, SESSION_MOST, &ret->sessions.span));
	TRY(span_of(call, "--session-idle", SESSION_LEAST, SESSION_MOST, &ret->sessions.idle));
	ret->proxies = opt(call, "--proxies");
	TRY(remote_check_proxies(&call->cx, ret->proxies));
	if (!str_int(str_from(opt(call, "--connections-per-address")), &n) || n < 1
	        || n > UINT16_MAX)
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--connections-per-address takes a number from 1 to %d", UINT16_MAX);
	ret->crowd_max = (unsigned)n;
	return NULL;
}

static struct err *
config_of(struct call *call, struct app_config *ret)
{
	*ret = (struct app_config){
		.where = { opt(call, "--db"), opt(call, "--key-file") },
		.listen = opt(call, "--listen"),
		.node = opt(call, "--node"),
		.base_url = opt(call, "--base-url"),
		.tls_cert = opt(call, "--tls-cert"),
		.tls_key = opt(call, "--tls-key"),
		.smtp_url = opt(call, "--smtp"),
		.smtp_user = opt(call, "--smtp-user"),
		.smtp_from = opt(call, "--mail-from"),
		.ca_file = opt(call, "--ca-file"),
		.assets = opt(call, "--assets"),
		.allow_private = opt_flag(call, "--allow-private"),
	};
	TRY(set_log(call));
	if (!duration_parse(str_from(opt(call, "--deadline")), &ret->deadline)
	        || ret->deadline < SECONDS(1))
		return err_field(&call->cx, ERR_INVALID, "usage",
		        "--deadline takes a span of at least 1s: 30s");
	TRY(span_of(call, "--stuck-after", STUCK_LEAST, STUCK_MOST, &ret->stuck_after));
	TRY(set_memory(call, &ret->memory_max));
	TRY(set_doors(call, ret));
	return read_password(call, opt(call, "--smtp-password-file"), &ret->smtp_password);
}

/* Tells systemd, when that started us. */
static void
notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	if (path == NULL || strlen(path) >= sizeof at.sun_path)
		return;
	memcpy(at.sun_path, path, strlen(path));
	if (at.sun_path[0] == '@')
		at.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&at,
	        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
	close(fd);
}

/* Blocked in every thread; one waits for them. */
static void
block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	/* A file that may not grow is an error of that write, and no reason to die. */
	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
}

/* How often systemd wants to hear that all is well, as WatchdogSec= says; half of it is asked
 * for here, as its manual advises. 0: never. */
static usec_t
watchdog_span(void)
{
	const char *text = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	int64_t span, whose;

	if (text == NULL || !str_int(str_from(text), &span) || span <= 0)
		return 0;
	if (pid != NULL && (!str_int(str_from(pid), &whose) || whose != getpid()))
		return 0;
	return span / 2;
}

/* Until a signal comes; the watchdog hears from us while all threads come round. */
static int
wait_for_end(struct call *call, struct app *app, const sigset_t *set)
{
	usec_t span = watchdog_span();
	const char *why;
	int which = 0;

	if (span == 0) {
		sigwait(set, &which);
		return which;
	}
	struct timespec ts = { .tv_sec = span / USEC_PER_SEC,
		.tv_nsec = span % USEC_PER_SEC * 1000 };
	while ((which = sigtimedwait(set, NULL, &ts)) < 0)
		if (app_alive(app, &why))
			notify("WATCHDOG=1");
		else
			log_error(&call->cx, "watchdog", "text=\"%s\"", why);
	return which;
}

/* Whoever can read this may become the first owner. */
static void
tell_setup(struct call *call, struct app *app)
{
	const char *code = setup_code_of(&call->cx, app);

	if (code == NULL)
		return;
	printf("Nothing is set up yet. Open %s/setup and give the setup code %s\n"
	       "or apply your files: tocsin apply (docs/configuration.md).\n",
	        app->base_url, code);
	(void)fflush(stdout);
}

struct err *
verb_serve(struct call *call)
{
	struct app_config config;
	struct app *app;
	sigset_t set;

	TRY(config_of(call, &config));
	block_signals(&set);
	TRY(app_start(&call->cx, &config, &app));
	log_info(&call->cx, "serve", "url=%s db=%s version=%s", app->base_url,
	        db_url_of(app->home.db), TOCSIN_VERSION);
	tell_setup(call, app);
	notify("READY=1");
	int which = wait_for_end(call, app, &set);
	log_info(
	        &call->cx, "serve", "stopping=%s", which == SIGINT ? "interrupt" : "terminate");
	notify("STOPPING=1");
	app_stop(app);
	return NULL;
}
