// SPDX-License-Identifier: Apache-2.0
// How the sender of an integration is set up, by its type.
const origin = location.origin;

/** What to paste where, for a sender of this type. */
export function snippets(type: string, key = 'KEY'): [string, string][] {
	if (type === 'alertmanager')
		return [
			[
				'prometheus.yml: Prometheus sends straight here',
				`alerting:\n  alertmanagers:\n    - scheme: ${location.protocol.slice(0, -1)}\n      path_prefix: /in/${key}\n      static_configs:\n        - targets: ['${location.host}']`,
			],
			[
				'alertmanager.yml: as a receiver',
				`receivers:\n  - name: tocsin\n    webhook_configs:\n      - url: ${origin}/in/${key}`,
			],
			[
				'amtool',
				`amtool --alertmanager.url ${origin}/in/${key} alert add DiskFull instance=db-3 severity=critical`,
			],
		];
	if (type === 'victorops')
		return [
			[
				'The old REST endpoint',
				`curl -d '{"message_type":"CRITICAL","entity_id":"db-3/disk","state_message":"Disk 91 %"}' \\\n  ${origin}/integrations/generic/20131114/alert/${key}/ROUTING_KEY`,
			],
		];
	return [
		[
			'curl',
			`curl -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\\n  -d '{"action":"trigger","dedup_key":"db-3/disk","severity":"critical","summary":"Disk 91 %"}' \\\n  ${origin}/api/v1/signals`,
		],
		['Command line', `tocsin signal --url ${origin} --key ${key} db-3/disk critical "Disk 91 %"`],
	];
}
