import { connect } from 'node:net';

const ANSWER_MAX_MS = 2_000;

/** What a server answers to `ruok`, `srvr`, `mntr`...; undefined where it does not, or not in time. */
export const fourLetterWord = (host: string, port: number, word: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MAX_MS });
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('connect', () => socket.write(word));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer === '' ? undefined : answer));
  });

/** `leader`, `follower` or `standalone`; undefined for a server that serves no clients. */
export const modeOf = async (host: string, port: number): Promise<string | undefined> =>
  /^Mode: (\w+)$/m.exec((await fourLetterWord(host, port, 'srvr')) ?? '')?.[1];

/** Such as `3.8.0`. */
export const versionOf = async (host: string, port: number): Promise<string> => {
  const answer = await fourLetterWord(host, port, 'srvr');
  const version = /^Zookeeper version: ([\d.]+)/m.exec(answer ?? '')?.[1];
  if (version === undefined) throw new Error(`${host}:${port} does not tell its version: ${answer}`);
  return version;
};
