import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';
import { addressOf, routeOf, type Route } from '../model/route.ts';

const here = (): string => location.pathname + location.search;

function watch(changed: () => void): () => void {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}

/** Where the page is, and goes along with the browser's back and forward. */
export function useRoute(): Route {
  const address = useSyncExternalStore(watch, here);
  return routeOf(new URL(address, location.origin));
}

/** Goes there. `replace`: without a step back to where one was, for a search as it is typed. */
export function go(route: Route, how: 'push' | 'replace' = 'push'): void {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', addressOf(route));
  dispatchEvent(new PopStateEvent('popstate'));
}

/** A link that stays in the page; with a modifier key it is the browser's. `current`: this is where one is. */
export function Go({ to, children, className, current = false }: { to: Route; children: ReactNode; className?: string; current?: boolean }) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return <a href={addressOf(to)} onClick={follow} className={className} aria-current={current ? 'page' : undefined}>{children}</a>;
}
