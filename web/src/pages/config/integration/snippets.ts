// SPDX-License-Identifier: Apache-2.0
// How the senders of an integration are set up, by its type: what to paste where, as it is.
export interface Snippet {
	/** Which sender. */
	name: string;
	/** Where it goes. */
	where: string;
	text: string;
}

const origin = location.origin;
const lines = (...l: string[]): string => l.join('\n');

function ofAlertmanager(key: string): Snippet[] {
	const base = `${origin}/in/${key}`;
	return [
		{
			name: 'Prometheus',
			where: 'prometheus.yml: it sends here without an Alertmanager',
			text: lines(
				'alerting:',
				'  alertmanagers:',
				`    - scheme: ${location.protocol.slice(0, -1)}`,
				`      path_prefix: /in/${key}`,
				'      static_configs:',
				`        - targets: ['${location.host}']`,
			),
		},
		{
			name: 'Alertmanager',
			where: 'alertmanager.yml: as a receiver',
			text: lines(
				'receivers:',
				'  - name: tocsin',
				'    webhook_configs:',
				`      - url: ${base}`,
				'        send_resolved: true',
			),
		},
		{
			name: 'Grafana',
			where: 'provisioning/alerting/tocsin.yaml: a contact point; name it in a notification policy',
			text: lines(
				'apiVersion: 1',
				'contactPoints:',
				'  - orgId: 1',
				'    name: tocsin',
				'    receivers:',
				'      - uid: tocsin',
				'        type: prometheus-alertmanager',
				'        settings:',
				`          url: ${base}`,
			),
		},
		{
			name: 'VictoriaMetrics',
			where: 'a flag of vmalert',
			text: `-notifier.url=${base}`,
		},
		{
			name: 'By hand',
			where: 'amtool, to try it',
			text: `amtool --alertmanager.url ${base} alert add DiskFull instance=db-3 severity=critical`,
		},
	];
}

function ofVictorops(key: string): Snippet[] {
	const base = `${origin}/integrations/generic/20131114/alert`;
	const post = (body: string): string =>
		lines(`curl -H 'Content-Type: application/json' \\`, `  -d '${body}' \\`, `  ${base}/${key}/ROUTING_KEY`);
	return [
		{
			name: 'curl',
			where: 'ROUTING_KEY: one that a service lists, or its id',
			text: post('{"message_type":"CRITICAL","entity_id":"db-3/disk","state_message":"Disk 91 %"}'),
		},
		{
			name: 'curl, recovered',
			where: 'the same entity_id',
			text: post('{"message_type":"RECOVERY","entity_id":"db-3/disk"}'),
		},
		{
			name: 'Alertmanager',
			where: 'alertmanager.yml: as a receiver',
			text: lines(
				'receivers:',
				'  - name: tocsin',
				'    victorops_configs:',
				`      - api_url: ${base}/`,
				`        api_key: ${key}`,
				'        routing_key: ROUTING_KEY',
			),
		},
	];
}

function ofNative(key: string): Snippet[] {
	const post = (body: string): string =>
		lines(
			`curl -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`,
			`  -d '${body}' \\`,
			`  ${origin}/api/v1/signals`,
		);
	return [
		{
			name: 'curl',
			where: 'something is wrong',
			text: post('{"action":"trigger","dedup_key":"db-3/disk","severity":"critical","summary":"Disk 91 %"}'),
		},
		{
			name: 'curl, recovered',
			where: 'the same dedup_key',
			text: post('{"action":"resolve","dedup_key":"db-3/disk"}'),
		},
		{
			name: 'Webhook',
			where: 'where a sender takes only an address; its body is the same JSON',
			text: `${origin}/in/${key}`,
		},
		{
			name: 'Command line',
			where: 'the program that this server is',
			text: `tocsin signal --url ${origin} --key ${key} db-3/disk critical "Disk 91 %"`,
		},
		{
			name: 'A job of cron',
			where: 'speaks up when the job fails',
			text: `0 3 * * * /usr/local/bin/backup || tocsin signal --url ${origin} --key ${key} backup error "Backup failed"`,
		},
	];
}

const byType: Record<string, (key: string) => Snippet[]> = {
	alertmanager: ofAlertmanager,
	victorops: ofVictorops,
	native: ofNative,
};

export const snippets = (type: string, key = 'KEY'): Snippet[] => (byType[type] ?? ofNative)(key);
