// What the page says, in each language.

import { CHOSEN, kept } from './kept.js';

export const words = {
  en: {
    tagline: 'Tensor operations, seen.',
    start: 'Start',
    lesson: 'Open the lesson',
    workbench: 'Open the workbench',
    link: 'Open the link',
    local: 'Nothing that you open here leaves your machine.',
    other: '日本語',
    picture: 'Cubes of an input, filters that travel over it, and the output that they make.',
    stage: 'The stage: tensors as blocks of cubes',
    fetching: 'Fetching the program',
    starting: 'Starting',
    noGraphics:
      'Tensorama draws with WebGL 2, which this browser does not offer. A current Firefox, Chrome, Edge or Safari has it; it may be switched off in the settings, or with them all acceleration of graphics.',
    noWebAssembly: 'Tensorama needs WebAssembly that computes on vectors, which this browser does not offer. Firefox, Chrome, Edge and Safari have it since the spring of 2023.',
    notFetched: 'The program could not be fetched.',
    lost: 'The graphics card took its memory back, as happens after sleep or in want of memory. The address keeps where you were.',
    stopped: 'The program has stopped by a fault of its own. The address keeps where you were.',
    again: 'Try again',
    carryOn: 'Carry on',
    drop: 'Drop to open it here',
    tooLarge: 'The browser could not read this file.',
    refused: 'The file could not be fetched: it is not there, or its host does not let other pages read it (CORS).',
    answered: (status) => `The host answered with ${status}.`,
    noRecorder: 'This browser cannot record a clip.',
  },
  ja: {
    tagline: 'テンソル演算を、目で見る。',
    start: 'はじめる',
    lesson: 'レッスンを開く',
    workbench: 'ワークベンチを開く',
    link: 'リンクを開く',
    local: 'ここで開いたファイルが、この端末の外に送られることはありません。',
    other: 'English',
    picture: '入力の立方体と、その上を進むフィルタと、できていく出力。',
    stage: 'ステージ: 立方体で表したテンソル',
    fetching: 'プログラムを読み込んでいます',
    starting: '起動しています',
    noGraphics:
      'Tensoramaの描画にはWebGL 2が必要ですが、このブラウザでは使えません。新しいFirefox、Chrome、Edge、Safariなら使えます。設定でグラフィックスのアクセラレーションが切られている場合もあります。',
    noWebAssembly: 'TensoramaにはWebAssembly (SIMD命令を含む) が必要ですが、このブラウザでは使えません。2023年春以降のFirefox、Chrome、Edge、Safariなら使えます。',
    notFetched: 'プログラムを読み込めませんでした。',
    lost: '描画用のメモリが解放されました。スリープの後やメモリ不足のときに起こります。見ていた場所はアドレスに残っています。',
    stopped: 'プログラムの不具合で止まりました。見ていた場所はアドレスに残っています。',
    again: 'もう一度試す',
    carryOn: '続ける',
    drop: 'ドロップして開く',
    tooLarge: 'このファイルはブラウザで読み込めませんでした。',
    refused: 'ファイルを取得できませんでした。存在しないか、ほかのページからの読み込みが許可されていません (CORS)。',
    answered: (status) => `サーバの応答: ${status}`,
    noRecorder: 'このブラウザではクリップを録画できません。',
  },
};

const codeOf = (tag) => tag.toLowerCase().split('-')[0];

/** The language of the page's words where lessons are told in this one. */
const wordsBeside = (code) => (code in words ? code : 'en');

/** The language of a link, or the one chosen last. */
function askedLanguage() {
  const asked = /--lang(?:=|\s+)([a-z]{2})\b/.exec(decoded(location.hash.slice(1)));
  return asked?.[1] ?? kept(CHOSEN.language);
}

/** The words of a link in clear; as they are where they were encoded wrongly. */
export function decoded(link) {
  const spaced = link.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** The language that lessons are told in; not known at first where nobody has asked for one. */
export let tongue = askedLanguage();

export let language = wordsBeside(tongue ?? codeOf(navigator.language));

/** The language that lessons are told in, of those that there are sentences in and the page's own. */
export function tongueAmong(sentences) {
  if (tongue) return tongue;
  const codes = (navigator.languages ?? []).map(codeOf);
  const first = codes.find((code) => code in words || Object.hasOwn(sentences, code));
  tongue = Object.hasOwn(sentences, first) ? first : language;
  return tongue;
}

/** Another language from here on. */
export function setLanguage(chosen) {
  tongue = chosen;
  language = wordsBeside(chosen);
}

export const say = (name) => words[language][name];
