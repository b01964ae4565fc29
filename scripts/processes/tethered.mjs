// Runs a command and ends its whole process group as soon as our standard input closes: that happens when the
// process that started us is gone, even by SIGKILL. Without it a killed start would leave its build running.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const [command = '', ...args] = process.argv.slice(2);
process.stdin.on('end', () => process.kill(0, 'SIGKILL')).resume();

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
