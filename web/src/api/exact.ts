// SPDX-License-Identifier: Apache-2.0
// JSON of documents: whole numbers that a number of JavaScript cannot hold keep their digits. They stay as they were
// written, as a value that JSON.stringify gives back so. A browser that has no such value refuses them.
import { Failure } from './http';

type Reviver = (key: string, v: unknown, context?: { source?: string }) => unknown;
const json = JSON as unknown as {
	parse: (text: string, reviver: Reviver) => unknown;
	rawJSON?: (text: string) => object;
	isRawJSON?: (v: unknown) => v is { rawJSON: string };
};
const isLong = (digits: string): boolean =>
	/^-?\d{16,}$/.test(digits) && !Number.isSafeInteger(Number(digits));

/** The whole number of these digits; undefined when they are none. */
export function whole(digits: string): unknown {
	if (!isLong(digits) || !json.rawJSON) return undefined;
	return json.rawJSON(digits.replace(/^(-?)0+(?=\d)/, '$1'));
}
/** The digits of one that was kept. */
export const digitsOf = (v: unknown): string | null => (json.isRawJSON?.(v) ? v.rawJSON : null);

export function parseExact(text: string): unknown {
	if (!json.rawJSON) {
		const long = text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g);
		const lost = long?.find(isLong);
		if (lost)
			throw new Failure(422, {
				detail: `This browser cannot keep the digits of ${lost} in a form. Write it as YAML, or in quotes.`,
			});
	}
	return json.parse(text, (_, v, context) =>
		typeof v === 'number' && context?.source ? (whole(context.source) ?? v) : v,
	);
}
