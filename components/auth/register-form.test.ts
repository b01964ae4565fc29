import { describe, expect, it } from 'vitest';
import { readRegisterForm } from './register-form';

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}
const good = { username: 'ada', email: 'Ada@Example.com', password: 'long enough words' };

describe('readRegisterForm', () => {
  it('leaves empty Alpaca keys out and lowers the e-mail', () => {
    const read = readRegisterForm(form({ ...good, alpacaApiKey: ' ', alpacaSecretKey: '' }));
    expect(read).toEqual({
      input: { ...good, email: 'ada@example.com', alpacaPaperTrading: true },
    });
  });

  it('names every faulty field once', () => {
    const read = readRegisterForm(form({ username: '_', email: 'x', password: 'short' }));
    expect(read).toEqual({ faulty: ['username', 'email', 'password'] });
  });

  it('asks for the secret when only the key is given', () => {
    const read = readRegisterForm(form({ ...good, alpacaApiKey: 'PK12345678' }));
    expect(read).toEqual({ faulty: ['alpacaSecretKey'] });
  });
});
