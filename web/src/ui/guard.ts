// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'preact/hooks';
import { guard } from '../router';

/** Leaving with unsaved words is asked about. */
export function useGuard(dirty: boolean): void {
	useEffect(() => {
		guard.ask = () => !dirty || confirm('Leave without saving?');
		const warn = (e: BeforeUnloadEvent): void => {
			if (dirty) e.preventDefault();
		};
		addEventListener('beforeunload', warn);
		return () => {
			guard.ask = null;
			removeEventListener('beforeunload', warn);
		};
	}, [dirty]);
}
