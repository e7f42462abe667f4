import { useState, type FormEvent } from 'react';

/** Asks for an API key. `refusal` says why what was given opens nothing. */
export function SignIn({ onKey, refusal }: { onKey: (key: string) => void; refusal: string | null }) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== '') onKey(typed.trim());
  };
  return (
    <main className="sign-in">
      <h1>Millrace</h1>
      <p className="lead">Customer journeys as code: durable, live, by the million.</p>
      <form onSubmit={submit}>
        <label htmlFor="key">API key</label>
        <input id="key" type="password" autoComplete="off" autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} aria-describedby="key-help" />
        <button type="submit" className="primary">Open</button>
        {refusal && <p role="alert" className="bad">{refusal}</p>}
        <p id="key-help">
          The first start prints one; <code>BOOTSTRAP_API_KEY</code> sets your own. It stays in this tab.
        </p>
      </form>
      <Doors />
    </main>
  );
}

const DOORS = [['GraphQL', '/graphql'], ['REST', '/api/docs'], ['Readiness', '/readyz'], ['Metrics', '/metrics']] as const;

export function Doors() {
  return <nav className="doors" aria-label="Other doors">{DOORS.map(([name, path]) => <a key={path} href={path}>{name}</a>)}</nav>;
}
