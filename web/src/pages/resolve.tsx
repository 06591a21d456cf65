// SPDX-License-Identifier: Apache-2.0
// Ending incidents whose alerts still fire is asked about once; else they just end.
import type { JSX } from 'preact';
import { run } from '../outbox';
import type { Row } from '../store/reduce';
import { inMinutes } from '../ui/howlong';
import { Dialog } from '../ui/parts';

export const stillFires = (r: Row | undefined): boolean =>
	!!r && r.state !== 'resolved' && !r.pending && r.open_alerts > 0;

/** Of one, or of many of which some still fire. */
export function ResolveDialog({ rows, onClose }: { rows: Row[]; onClose: () => void }): JSX.Element {
	const firing = rows.filter(stillFires);
	const quiet = rows.filter((r) => !stillFires(r) && r.state !== 'resolved');
	const alerts = firing.reduce((n, r) => n + r.open_alerts, 0);
	const one = rows.length === 1;
	const act = (which: Row[], verb: 'resolve' | 'snooze', body = {}): void => {
		onClose();
		void run(
			which.map((r) => r.id),
			verb,
			body,
		);
	};
	return (
		<Dialog
			title={
				one
					? `Resolve #${rows[0]!.id} while it still fires?`
					: `Resolve ${rows.length} incidents while ${firing.length} still fire${firing.length === 1 ? 's' : ''}?`
			}
			onClose={onClose}
		>
			<p>
				{alerts === 1 ? 'One alert has' : `${alerts} alerts have`} not recovered
				{!one &&
					` (${firing
						.slice(0, 5)
						.map((r) => `#${r.id}`)
						.join(', ')}${firing.length > 5 ? ` and ${firing.length - 5} more` : ''})`}
				. Resolving closes {alerts === 1 ? 'it' : 'them'}; the next signal pages again.
			</p>
			<div class="actions">
				<button type="button" onClick={onClose}>
					Cancel
				</button>
				{quiet.length > 0 ? (
					<button type="button" onClick={() => act(quiet, 'resolve')}>
						Only the {quiet.length} that recovered
					</button>
				) : (
					<button
						type="button"
						onClick={() => act(firing, 'snooze', { until: new Date(inMinutes(60)).toISOString() })}
					>
						Snooze 1 hour
					</button>
				)}
				<button type="button" class="main" autofocus onClick={() => act(rows, 'resolve')}>
					Resolve {one ? 'anyway' : 'all anyway'}
				</button>
			</div>
		</Dialog>
	);
}
