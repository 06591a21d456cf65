// SPDX-License-Identifier: Apache-2.0
// The layers of a schedule as a form, with what it would change beside it. Saved only on the revision that was read.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { call, get, Failure, type Fault } from '../../../api/http';
import type { Document } from '../../../api/types';
import { A, go, guard } from '../../../router';
import { docs, reload } from '../../../store/store';
import { Empty } from '../../../ui/parts';
import { Fault as Refusal } from '../../../ui/howlong';
import { useGuard } from '../../../ui/guard';
import { Icon } from '../../../ui/icons';
import { toast } from '../../../ui/toast';
import { Field, said } from './field';
import { LayerForm } from './layer';
import { moved, newLayer, read, slug, write, type Body, type Model } from './model';
import { Preview, usePlan } from './preview';

interface Base {
	text: string;
	etag: string | null;
	/** The organisation's, of a schedule that names none. */
	zone: string;
}

/** The document as it is, or a new one with a layer to begin with. */
function useBase(id: string): {
	base: Base | null;
	model: Model | null;
	set: (m: Model) => void;
	error: string;
} {
	const [base, keep] = useState<Base | null>(null);
	const [model, set] = useState<Model | null>(null);
	const [error, fail] = useState('');
	useEffect(() => {
		const begin = async (): Promise<void> => {
			const { document: house } = await get<Document>('/organisation');
			const zone = String((house as Body)['zone'] ?? 'UTC');
			if (!id) {
				set({ ...read({}), layers: [newLayer(0)] });
				keep({ text: '', etag: null, zone });
				return;
			}
			const a = await call<Document>('GET', `/schedules/${id}`);
			const m = read(a.value.document as Body);
			set(m);
			keep({ text: JSON.stringify(write(m)), etag: a.etag, zone });
		};
		begin().catch((e: Error) => fail(e.message));
	}, [id]);
	return { base, model, set, error };
}

function About({
	m,
	set,
	faults,
	fresh,
}: {
	m: Model;
	set: (m: Model) => void;
	faults: Fault[];
	fresh: boolean;
}): JSX.Element {
	return (
		<section class="panel" aria-label="About">
			<div class="pad">
				<div class="fields">
					<Field label="Name" faults={faults} pointer="name">
						<input
							required={fresh}
							value={m.name}
							onInput={(e) => set({ ...m, name: e.currentTarget.value })}
						/>
					</Field>
					<Field label="Team" faults={faults} pointer="team">
						<select value={m.team} onChange={(e) => set({ ...m, team: e.currentTarget.value })}>
							<option value="">of nobody in particular</option>
							{[...(docs('teams')?.values() ?? [])].map((t) => (
								<option value={t.id}>{t.name}</option>
							))}
						</select>
					</Field>
					<Field label="Clock of" faults={faults} pointer="zone">
						<input
							list="zones"
							placeholder="the organisation"
							value={m.zone}
							onInput={(e) => set({ ...m, zone: e.currentTarget.value })}
						/>
					</Field>
				</div>
				<label class="check">
					<input
						type="checkbox"
						checked={m.notice}
						onChange={(e) => set({ ...m, notice: e.currentTarget.checked })}
					/>{' '}
					Tell people when they come on and go off
				</label>
				{m.notice && (
					<Field label="Stands in every such notice" faults={faults} pointer="handoff/note">
						<input value={m.note} onInput={(e) => set({ ...m, note: e.currentTarget.value })} />
					</Field>
				)}
			</div>
			<datalist id="zones">
				{Intl.supportedValuesOf('timeZone').map((z) => (
					<option value={z} />
				))}
			</datalist>
		</section>
	);
}

const HAS_FIELD =
	/^\/?(schedules\/[^/]+\/)?(name|team|zone|handoff|layers\/\d+\/(name|members|every|start|end|only|zone|set))/;

function Form({
	id,
	base,
	m,
	set,
}: {
	id: string;
	base: Base;
	m: Model;
	set: (m: Model) => void;
}): JSX.Element {
	const body = write(m);
	const text = JSON.stringify(body);
	const dirty = text !== base.text;
	const name = id || slug(m.name);
	const zone = known(m.zone) ? m.zone : base.zone;
	const { plan, faults: live, error: wrong } = usePlan(name, body, zone);
	const [refused, refuse] = useState<{ of: string; faults: Fault[]; error: string } | null>(null);
	const [why, say] = useState('');
	const [busy, sending] = useState(false);
	useGuard(dirty && !busy);
	const mine = refused?.of === text ? refused : null;
	const faults = mine ? mine.faults : live;
	const elsewhere = faults.filter((f) => !HAS_FIELD.test(f.pointer));
	const ready = plan?.of === text && faults.length === 0 && !wrong;
	const back = id ? `/schedules/${id}` : '/schedules';
	const save = (): void => {
		sending(true);
		const headers: Record<string, string> = id ? { 'If-Match': base.etag ?? '' } : { 'If-None-Match': '*' };
		call('PUT', `/schedules/${name}?message=${encodeURIComponent(why)}`, { body, headers }).then(
			() => {
				guard.ask = null;
				toast({ text: 'Saved' });
				reload('schedules');
				go(`/schedules/${name}`, true);
			},
			(e: Failure) => {
				sending(false);
				const late = e.status === 412;
				refuse({
					of: text,
					faults: e.problem?.errors ?? [],
					error:
						late && !id
							? `There is a schedule/${name} already.`
							: late
								? 'Somebody saved it meanwhile. Nothing of yours is kept: load the page again.'
								: e.message,
				});
			},
		);
	};
	return (
		<form
			class="page-inner schedule-form"
			onSubmit={(e) => {
				e.preventDefault();
				if (ready) save();
			}}
		>
			<p class="crumbs">
				<A href={back}>
					<Icon name="left" /> {id ? m.name || id : 'Schedules'}
				</A>
			</p>
			<header>
				<h1>{id ? `Layers of ${m.name || id}` : 'New schedule'}</h1>
				<span class="push" />
				{id && <A href={`/config/schedules/${id}/edit`}>As text</A>}
				<input
					class="narrow"
					aria-label="Why, for the history"
					placeholder="why, for the history"
					value={why}
					onInput={(e) => say(e.currentTarget.value)}
				/>
				<button class="main" disabled={!ready || !dirty || busy || !name}>
					Save
				</button>
			</header>
			<Refusal text={mine?.error || (faults.length === 0 ? wrong : '')} />
			{elsewhere.length > 0 && (
				<Refusal text={elsewhere.map((f) => `${f.pointer}: ${f.detail}`).join('; ')} />
			)}
			<div class="split even">
				<div>
					<About m={m} set={set} faults={faults} fresh={!id} />
					{m.layers.map((l, i) => (
						<LayerForm
							key={l.key}
							l={l}
							i={i}
							n={m.layers.length}
							zone={zone}
							faults={faults}
							onChange={(x) => set({ ...m, layers: m.layers.map((y) => (y.key === l.key ? x : y)) })}
							onMove={(by) => set({ ...m, layers: moved(m.layers, i, by) })}
							onRemove={() => set({ ...m, layers: m.layers.filter((y) => y.key !== l.key) })}
						/>
					))}
					<button
						type="button"
						onClick={() => set({ ...m, layers: [...m.layers, newLayer(m.layers.length)] })}
					>
						<Icon name="plus" /> Layer that wins over these
					</button>
					{said(faults, 'layers') && !faults.some((f) => /layers\/\d/.test(f.pointer)) && (
						<Refusal text={said(faults, 'layers')} />
					)}
				</div>
				<div class="beside">{plan && <Preview plan={plan} zone={zone} />}</div>
			</div>
		</form>
	);
}

function known(zone: string): boolean {
	try {
		new Intl.DateTimeFormat('en-GB', { timeZone: zone });
		return zone !== '';
	} catch {
		return false;
	}
}

export default function Edit({ id }: { id: string }): JSX.Element {
	const { base, model, set, error } = useBase(id);
	if (error) return <Empty title={error} />;
	if (!base || !model) return <p class="muted">…</p>;
	return <Form id={id} base={base} m={model} set={set} />;
}
