// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { Contacts } from '../contacts/contacts';
import { Profile } from '../contacts/profile';

export function Me(): JSX.Element {
	return (
		<>
			<p>
				A page goes to your contacts. Have a code sent to each, and type it in: then it is known to reach you.
			</p>
			<h3>Your contacts</h3>
			<Contacts />
			<h3>You</h3>
			<Profile />
		</>
	);
}
