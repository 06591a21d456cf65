// SPDX-License-Identifier: Apache-2.0
// The address that this page had before; kept for bookmarks.
import { useEffect } from 'preact/hooks';
import { go } from '../router';

export default function Start(_: { id: string; sub: string }): null {
	useEffect(() => go('/setup', true), []);
	return null;
}
