import { connect, type Socket } from 'node:net';

/**
 * The load generator: one process of its own, so that its work is not the server's. Takes orders by message:
 * a raw request, a port, how many connections and for how long; answers with what it counted. It keeps one
 * request in flight on each connection and reads no more of an answer than it needs to find its end.
 */
type Order = { port: number; request: string; connections: number; milliseconds: number };
type Count = { answers: number; failures: number };

function run({ port, request, connections, milliseconds }: Order): Promise<Count> {
  const count: Count = { answers: 0, failures: 0 };
  const bytes = Buffer.from(request);
  const deadline = performance.now() + milliseconds;
  return new Promise((resolve) => {
    let open = connections;
    const leave = (socket: Socket) => {
      socket.destroy();
      open -= 1;
      if (open === 0) resolve(count);
    };
    for (let at = 0; at < connections; at += 1) {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(bytes));
      let received = '';
      socket.setEncoding('latin1');
      socket.on('error', () => {
        count.failures += 1;
        leave(socket);
      });
      socket.on('data', (chunk: string) => {
        received += chunk;
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? -1);
        if (received.length < end + 4 + length) return;
        if (received.startsWith('HTTP/1.1 200')) count.answers += 1;
        else count.failures += 1;
        received = '';
        if (performance.now() < deadline) socket.write(bytes);
        else leave(socket);
      });
    }
  });
}

process.on('message', (order: Order) => {
  void run(order).then((count) => process.send?.(count));
});
