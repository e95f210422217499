import { describe, expect, it } from 'vitest';
import { CONFIG_CHANGES } from '../../src/znodes/config-change-notification.ts';
import { notificationNumber } from '../../src/znodes/notification-kind.ts';

describe('notificationNumber', () => {
  it.each([
    ['config_change_0000000042', 42],
    ['config_change_9999999999', 9999999999],
    ['config_change_', undefined],
    ['config_change_42', undefined],
    ['isr_change_0000000042', undefined],
    ['config_change_-000000001', undefined],
  ])('of %s is %s', (name, number) => {
    expect(notificationNumber(CONFIG_CHANGES, name)).toBe(number);
  });
});
