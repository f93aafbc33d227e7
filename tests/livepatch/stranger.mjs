// Knocks at the agent's socket and says what comes back.
import { connect } from 'node:net';

const socket = connect(process.argv[2], () => socket.write(Buffer.concat([Buffer.from('PLP1'), Buffer.from([4, 0, 0, 0]), Buffer.alloc(8)])));
let heard = 0;
socket.on('data', (chunk) => (heard += chunk.length));
socket.on('error', () => {});
socket.on('close', () => console.log(heard === 0 ? 'closed without a word' : `heard ${heard} bytes`));
