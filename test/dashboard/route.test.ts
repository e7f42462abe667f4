import { describe, expect, it } from 'vitest';
import { addressOf, routeOf, type Route } from '../../src/dashboard/model/route.ts';

const at = (address: string): Route => routeOf(new URL(address, 'http://house'));

describe('an address', () => {
  it.each<[string, Route]>([
    ['/', { screen: 'home', search: '' }],
    ['/?q=lead%20nurture', { screen: 'home', search: 'lead nurture' }],
    ['/w/new-lead', { screen: 'workflow', slug: 'new-lead', view: 'live', step: null }],
    ['/w/new-lead?step=wait_1_day', { screen: 'workflow', slug: 'new-lead', view: 'live', step: 'wait_1_day' }],
    ['/w/new-lead?view=numbers', { screen: 'workflow', slug: 'new-lead', view: 'numbers', step: null }],
    ['/w/new-lead?view=definition', { screen: 'workflow', slug: 'new-lead', view: 'definition', step: null }],
    ['/w/new-lead?view=nothing', { screen: 'workflow', slug: 'new-lead', view: 'live', step: null }],
    ['/e/V29ya2Zsb3c6MQ%3D%3D', { screen: 'enrollment', id: 'V29ya2Zsb3c6MQ==' }],
  ])('%s is read, and written again', (address, route) => {
    expect(at(address)).toEqual(route);
    expect(at(addressOf(route))).toEqual(route);
  });

  it.each(['/w', '/w/', '/w/a/b', '/x/a', '/doors'])('%s is nowhere', (address) => expect(at(address)).toEqual({ screen: 'nowhere' }));

  it('with a lone percent sign is taken as it stands', () => expect(at('/w/100%')).toEqual({ screen: 'workflow', slug: '100%', view: 'live', step: null }));
});
