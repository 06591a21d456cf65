// SPDX-License-Identifier: Apache-2.0
// Ending an incident whose alerts still fire is asked about once; else it just ends.
import type { JSX } from 'preact';
import { run } from '../../outbox';
import type { Row } from '../../store/reduce';
import { inMinutes } from '../../ui/howlong';
import { Dialog } from '../../ui/parts';

export const stillFires = (r: Row | undefined): boolean =>
	!!r && r.state !== 'resolved' && !r.pending && r.open_alerts > 0;

export function ResolveDialog({ r, onClose }: { r: Row; onClose: () => void }): JSX.Element {
	const n = r.open_alerts;
	return (
		<Dialog title={`Resolve #${r.id} while it still fires?`} onClose={onClose}>
			<p>
				{n === 1 ? 'One alert has' : `${n} alerts have`} not recovered. Resolving closes{' '}
				{n === 1 ? 'it' : 'them'}; the next signal pages again.
			</p>
			<div class="actions">
				<button type="button" onClick={onClose}>
					Cancel
				</button>
				<button
					type="button"
					onClick={() => {
						onClose();
						void run([r.id], 'snooze', { until: new Date(inMinutes(60)).toISOString() });
					}}
				>
					Snooze 1 hour
				</button>
				<button
					type="button"
					class="main"
					autofocus
					onClick={() => {
						onClose();
						void run([r.id], 'resolve');
					}}
				>
					Resolve anyway
				</button>
			</div>
		</Dialog>
	);
}
