import { useEffect } from 'react';
import { LinkProvider, useLineState } from './link/link-context.tsx';
import { useApiKey } from './link/use-api-key.ts';
import { Go, useRoute } from './link/use-route.tsx';
import { home, type Route } from './model/route.ts';
import { EnrollmentScreen } from './screens/enrollment-screen.tsx';
import { HomeScreen } from './screens/home-screen.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { TopBar } from './screens/top-bar.tsx';
import { WorkflowScreen } from './screens/workflow-screen.tsx';

/** The live pages: who has no key is asked for one, everybody else sees their location. */
export function Dashboard() {
  const [{ key, given, refusal }, setApiKey] = useApiKey();
  if (key === null) return <SignIn onKey={setApiKey} refusal={refusal} />;
  return <LinkProvider key={given} apiKey={key}><House leave={() => setApiKey(null)} onKey={setApiKey} /></LinkProvider>;
}

function House({ leave, onKey }: { leave: () => void; onKey: (key: string) => void }) {
  const line = useLineState();
  const route = useRoute();
  useEffect(() => {
    scrollTo(0, 0);
  }, [route.screen]);
  if (line.kind === 'refused') return <SignIn onKey={onKey} refusal="This key opens nothing here: it is unknown, expired or revoked." />;
  return (
    <>
      <TopBar line={line} leave={leave} />
      <title>Millrace</title>
      <main className={`screen ${route.screen}${route.screen === 'workflow' ? ` ${route.view}` : ''}`}>{screenOf(route)}</main>
    </>
  );
}

function screenOf(route: Route) {
  if (route.screen === 'home') return <HomeScreen search={route.search} />;
  if (route.screen === 'workflow') return <WorkflowScreen key={route.slug} slug={route.slug} view={route.view} step={route.step} />;
  if (route.screen === 'enrollment') return <EnrollmentScreen key={route.id} id={route.id} />;
  return <p className="note">There is no page at this address. <Go to={home}>All workflows</Go></p>;
}
