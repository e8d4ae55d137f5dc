#!/usr/bin/env node
/**
 * A scriptable wechaty puppet service for the tests of the wechaty channel. One process, all on 127.0.0.1:
 *   - the real `PuppetServer` of wechaty-puppet-service, around a PuppetMock subclass (gRPC, plain text unless --tls);
 *   - a TCP gate in front of it, so that a test can cut, refuse or freeze the connection;
 *   - a JSON-over-HTTP control port, through which a test defines contacts and rooms, injects events
 *     and reads back everything the bot sent.
 *
 *   node server.mjs [--grpc-port N] [--gate-port N] [--control-port N] [--token T] [--tls] [--log LEVEL]
 *
 * A port of 0 (the default) takes a free one. When all is up, one JSON line on stdout tells the addresses.
 * SIGTERM and SIGINT end it, and so does the end of stdin: no server outlives its test run.
 */
import { createHash, randomUUID } from 'node:crypto'
import http from 'node:http'
import net from 'node:net'
import { parseArgs } from 'node:util'

import { FileBox } from 'file-box'
import { grpc } from 'wechaty-grpc'
import * as PUPPET from 'wechaty-puppet'
import { PuppetMock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

const HOST = '127.0.0.1'
const clock = () => performance.timeOrigin + performance.now() // epoch milliseconds, with a fraction
const MESSAGES_KEPT = 50_000
const SENT_KEPT = 50_000

const { values: args } = parseArgs({
  options: {
    'control-port': { default: '0', type: 'string' },
    'gate-port': { default: '0', type: 'string' },
    'grpc-port': { default: '0', type: 'string' },
    'log': { default: 'silent', type: 'string' },
    'tls': { default: false, type: 'boolean' },
    'token': { default: 'insecure_test-token', type: 'string' },
  },
})
PUPPET.log.level(args.log)

/* ------------------------------------------------------------------ faults and call counts, at the gRPC level */

/**
 * fail: refuse; fail-after: carry out, then report a failure; cut-after: carry out, then cut every connection without an
 * answer; delay: answer late.
 * @type {{method: string, mode: string, times: number, ms: number, code: number, message: string}[]}
 */
let faults = []
let calls = {}

function takeFault (method) {
  const fault = faults.find(f => f.method === '*' || f.method === method)
  if (fault && --fault.times <= 0) {
    faults = faults.filter(f => f !== fault)
  }
  return fault
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

/** Wrap a unary handler so that it is counted, and fails or waits when the test asked for it. */
const instrument = (method, handler) => async (call, callback) => {
  calls[method] = (calls[method] ?? 0) + 1
  const fault = callback && takeFault(method)
  if (!fault) {
    return handler(call, callback)
  }
  await sleep(fault.ms)
  const error = { code: fault.code, details: fault.message }
  switch (fault.mode) {
    case 'delay': return handler(call, callback)
    case 'fail': return callback(error)
    case 'fail-after': return handler(call, () => callback(error)) // done, but the answer is lost
    case 'cut-after': return handler(call, () => dropConnections())
  }
}

const addService = grpc.Server.prototype.addService
grpc.Server.prototype.addService = function (definition, implementation) {
  const wrapped = Object.fromEntries(Object.entries(implementation).map(
    ([method, handler]) => [method, instrument(method, handler)],
  ))
  return addService.call(this, definition, wrapped)
}

/* ------------------------------------------------------------------ the puppet */

class ScriptedPuppet extends PuppetMock {

  contacts = new Map()
  rooms = new Map()
  messages = new Map()
  files = new Map()
  sent = []
  sentCount = 0
  botId = undefined // who is logged in whenever the puppet runs

  async onStart () {
    if (this.botId) {
      this.login(this.botId)
    }
  }

  async onStop () {}

  /* ---- what the test does */

  putContact ({ id, ...rest }) {
    const payload = {
      avatar: '', friend: true, gender: 0, name: id, phone: [], type: PUPPET.types.Contact.Individual,
      ...this.contacts.get(id), ...rest, id,
    }
    this.contacts.set(id, payload)
    return this.dirtyPayload(PUPPET.types.Payload.Contact, id)
  }

  async putRoom ({ id, aliases = {}, ...rest }) {
    const payload = {
      adminIdList: [], aliases, memberIdList: [], topic: id, ...this.rooms.get(id), ...rest, id,
    }
    payload.aliases = { ...payload.aliases, ...aliases }
    this.rooms.set(id, payload)
    await this.dirtyPayload(PUPPET.types.Payload.Room, id)
    await this.dirtyPayload(PUPPET.types.Payload.RoomMember, id)
  }

  /** Store a message, tell nobody yet. */
  keepMessage ({ id = randomUUID(), type, image, file, timestamp = Date.now(), ...rest }) {
    const attached = image ?? file
    const kind = type ?? (image ? 'Image' : file ? 'Attachment' : 'Text')
    const payload = {
      filename: attached?.name ?? '',
      id,
      listenerId: rest.roomId ? '' : this.botId,
      mentionIdList: [],
      text: '',
      timestamp,
      type: typeof kind === 'number' ? kind : PUPPET.types.Message[kind],
      ...rest,
    }
    this.messages.set(id, payload)
    if (attached) {
      const { base64, name, url } = attached
      this.files.set(id, url ? FileBox.fromUrl(url, { name }) : FileBox.fromBase64(base64, name))
    }
    if (this.messages.size > MESSAGES_KEPT) {
      const oldest = this.messages.keys().next().value
      this.messages.delete(oldest)
      this.files.delete(oldest)
    }
    return id
  }

  /** As on a fresh server, but logged in as before; no client is disturbed. */
  reset () {
    for (const map of [this.contacts, this.rooms, this.messages, this.files]) map.clear()
    this.sent = []
    this.sentCount = 0
  }

  receive (message) {
    const messageId = this.keepMessage(message)
    this.emit('message', { messageId })
    return messageId
  }

  /* ---- what the bot asks */

  #lookup (map, what, id) {
    const found = map.get(id)
    if (!found) {
      throw new Error(`no ${what} ${id}`)
    }
    return found
  }

  async contactList () { return [...this.contacts.keys()] }
  async contactRawPayload (id) { return this.#lookup(this.contacts, 'contact', id) }
  async contactAlias (id, alias) {
    if (alias === undefined) return this.#lookup(this.contacts, 'contact', id).alias ?? ''
    await this.putContact({ alias, id })
  }

  async roomList () { return [...this.rooms.keys()] }
  async roomRawPayload (id) { return this.#lookup(this.rooms, 'room', id) }
  async roomMemberList (id) { return this.#lookup(this.rooms, 'room', id).memberIdList }
  async roomMemberRawPayload (roomId, id) {
    const { avatar, name } = this.#lookup(this.contacts, 'contact', id)
    return { avatar, id, name, roomAlias: this.#lookup(this.rooms, 'room', roomId).aliases[id] ?? '' }
  }

  async roomTopic (id, topic) {
    if (topic === undefined) return this.#lookup(this.rooms, 'room', id).topic
    this.#record({ conversationId: id, kind: 'room-topic', text: topic })
    await this.putRoom({ id, topic })
  }

  async roomAnnounce (id, text) {
    if (text === undefined) return this.#lookup(this.rooms, 'room', id).announcement ?? ''
    this.#record({ conversationId: id, kind: 'room-announce', text })
    await this.putRoom({ announcement: text, id })
  }

  async messageRawPayload (id) { return this.#lookup(this.messages, 'message', id) }
  async messageImage (id) { return this.#lookup(this.files, 'image', id) }
  async messageFile (id) { return this.#lookup(this.files, 'file', id) }

  async messageRecall (id) {
    this.#record({ kind: 'recall', target: id })
    return this.messages.has(id)
  }

  #record (what) {
    this.sent.push({ at: clock(), seq: ++this.sentCount, ...what })
    if (this.sent.length > SENT_KEPT) this.sent.shift()
  }

  #send (conversationId, kind, what, message = {}) {
    if (!this.rooms.has(conversationId) && !this.contacts.has(conversationId)) {
      throw new Error(`no conversation ${conversationId}`)
    }
    const place = this.rooms.has(conversationId) ? { roomId: conversationId } : { listenerId: conversationId }
    const id = this.keepMessage({ talkerId: this.currentUserId, ...place, ...message })
    this.#record({ conversationId, id, kind, ...what })
    return id
  }

  async messageSendText (conversationId, text, mentionIds = []) {
    return this.#send(conversationId, 'text', { mentionIds, text }, { mentionIdList: mentionIds, text })
  }

  async messageSendFile (conversationId, fileBox) {
    const bytes = await fileBox.toBuffer()
    const base64 = bytes.toString('base64')
    const file = {
      base64,
      mediaType: fileBox.mediaType,
      name: fileBox.name,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size: bytes.length,
    }
    const attach = /^image\//.test(fileBox.mediaType) ? 'image' : 'file'
    return this.#send(conversationId, attach, { file }, { [attach]: { base64, name: fileBox.name } })
  }

  async messageSendUrl (conversationId, url) {
    return this.#send(conversationId, 'url', { url }, { type: 'Url' })
  }

  async messageSendContact (conversationId, contactId) {
    return this.#send(conversationId, 'contact', { contactId }, { type: 'Contact' })
  }

}

/* ------------------------------------------------------------------ gRPC server and the gate in front of it */

async function freePort () {
  const probe = net.createServer().listen(0, HOST)
  await new Promise(resolve => probe.once('listening', resolve))
  const { port } = probe.address()
  await new Promise(resolve => probe.close(resolve))
  return port
}

const puppet = new ScriptedPuppet()
const grpcPort = Number(args['grpc-port']) || await freePort()
let server

async function startServer () {
  server = new PuppetServer({
    endpoint: `${HOST}:${grpcPort}`, puppet, tls: { disable: !args.tls }, token: args.token,
  })
  await server.start()
}

/** Ends the event stream for the client without an error, as a server's orderly shutdown does. */
async function stopServer () {
  await server.stop()
  await puppet.stop()
}

const gate = { mode: 'open', pairs: new Set() }
const gateServer = net.createServer({ allowHalfOpen: false }, client => {
  if (gate.mode === 'refuse') {
    client.resetAndDestroy()
    return
  }
  const upstream = net.connect(grpcPort, HOST)
  const pair = [client, upstream]
  gate.pairs.add(pair)
  client.setNoDelay(true)
  upstream.setNoDelay(true)
  const close = () => {
    gate.pairs.delete(pair)
    pair.forEach(socket => socket.destroy())
  }
  for (const [from, to] of [[client, upstream], [upstream, client]]) {
    from.on('data', chunk => { if (!to.write(chunk)) from.pause() })
    to.on('drain', () => { if (gate.mode !== 'frozen') from.resume() })
    from.on('error', close)
    from.on('close', close)
  }
  if (gate.mode === 'frozen') pair.forEach(socket => socket.pause())
})

/** open: pass all; refuse: reset new connections; frozen: keep the sockets but pass nothing (a black hole). */
function setGate (mode) {
  gate.mode = mode
  for (const pair of gate.pairs) {
    pair.forEach(socket => mode === 'frozen' ? socket.pause() : socket.resume())
  }
}

function dropConnections () {
  const dropped = gate.pairs.size
  for (const pair of [...gate.pairs]) pair.forEach(socket => socket.resetAndDestroy())
  return dropped
}

/* ------------------------------------------------------------------ control port */

const list = body => Array.isArray(body) ? body : [body]

const routes = {
  'GET /state': () => ({
    botId: puppet.botId ?? null,
    calls,
    connections: gate.pairs.size,
    contacts: [...puppet.contacts.values()],
    faults,
    gate: gate.mode,
    loggedIn: puppet.isLoggedIn,
    messageListeners: puppet.listenerCount('message'), // 0 while no client listens: events are lost then
    rooms: [...puppet.rooms.values()],
    sentCount: puppet.sentCount,
  }),
  'GET /sent': ({ query }) => puppet.sent.filter(entry => entry.seq > Number(query.get('since') ?? 0)),

  'POST /contacts': async ({ body }) => { for (const c of list(body)) await puppet.putContact(c); return {} },
  'POST /rooms': async ({ body }) => { for (const r of list(body)) await puppet.putRoom(r); return {} },

  'POST /login': ({ body }) => {
    puppet.botId = body.id
    if (puppet.state.active() && !puppet.isLoggedIn) puppet.login(body.id)
    return {}
  },
  'POST /logout': async ({ body }) => {
    puppet.botId = undefined
    await puppet.logout(body.reason ?? 'logged out by the test')
    return {}
  },

  'POST /messages': ({ body }) => ({ at: clock(), ids: list(body).map(m => puppet.receive(m)) }),
  'POST /repeat': ({ body: { id } }) => { puppet.emit('message', { messageId: id }); return {} },
  'POST /burst': ({ body: { count, text = 'burst {i}', ...message } }) => {
    const started = clock()
    const ids = Array.from({ length: count }, (_, i) =>
      puppet.receive({ ...message, text: text.replace('{i}', i) }))
    return { finished: clock(), first: ids[0], last: ids.at(-1), started }
  },
  /** One after the other at a steady rate, whatever the client does; answers when the last one is out. */
  'POST /paced': async ({ body: { messages, perSecond } }) => {
    const started = clock()
    const told = []
    for (const [i, message] of messages.entries()) {
      await sleep(Math.max(0, started + i * 1000 / perSecond - clock()))
      const at = clock()
      told.push({ at, id: puppet.receive(message) })
    }
    return { told }
  },
  'POST /recall': ({ body: { messageId, talkerId } }) => {
    const { roomId, talkerId: author } = puppet.messages.get(messageId)
    return { id: puppet.receive({ roomId, talkerId: talkerId ?? author, text: messageId, type: 'Recalled' }) }
  },
  'POST /room-join': async ({ body: { roomId, inviterId, inviteeIds } }) => {
    const { memberIdList } = puppet.rooms.get(roomId)
    await puppet.putRoom({ id: roomId, memberIdList: [...new Set([...memberIdList, ...inviteeIds])] })
    puppet.emit('room-join', { inviteeIdList: inviteeIds, inviterId, roomId, timestamp: Date.now() })
    return {}
  },
  'POST /room-leave': async ({ body: { roomId, removerId, removeeIds } }) => {
    const { memberIdList } = puppet.rooms.get(roomId)
    await puppet.putRoom({ id: roomId, memberIdList: memberIdList.filter(id => !removeeIds.includes(id)) })
    puppet.emit('room-leave', { removeeIdList: removeeIds, removerId, roomId, timestamp: Date.now() })
    return {}
  },
  'POST /room-topic': async ({ body: { roomId, changerId, topic } }) => {
    const oldTopic = puppet.rooms.get(roomId).topic
    await puppet.putRoom({ id: roomId, topic })
    puppet.emit('room-topic', { changerId, newTopic: topic, oldTopic, roomId, timestamp: Date.now() })
    return {}
  },
  'POST /reset': () => {
    faults = []
    calls = {}
    setGate('open')
    puppet.reset()
    return {}
  },
  'POST /event': ({ body: { name, payload } }) => { puppet.emit(name, payload); return {} },

  'POST /faults': ({ body }) => {
    faults = list(body).map(f => ({
      code: grpc.status.INTERNAL, message: 'injected fault', method: '*', mode: 'fail', ms: 0, times: 1, ...f,
    }))
    return { faults }
  },
  'POST /gate': ({ body: { mode } }) => { setGate(mode); return { mode } },
  'POST /drop': () => ({ dropped: dropConnections() }),
  'POST /restart': async ({ body: { downMs = 0 } }) => {
    await stopServer()
    await sleep(downMs)
    await startServer()
    return {}
  },
}

const control = http.createServer(async (request, response) => {
  const url = new URL(request.url, `http://${HOST}`)
  let [status, answer] = [200, undefined]
  try {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const route = routes[`${request.method} ${url.pathname}`]
    if (!route) throw Object.assign(new Error('no such verb'), { status: 404 })
    answer = await route({ body: text ? JSON.parse(text) : {}, query: url.searchParams })
  } catch (error) {
    [status, answer] = [error.status ?? 400, { error: String(error.message ?? error) }]
  }
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer))
})

const listening = (listener, port) => new Promise((resolve, reject) => {
  listener.once('error', reject)
  listener.listen(port, HOST, () => resolve(listener.address().port))
})

puppet.on('error', () => {}) // an 'error' event is data here, not a reason to end
await startServer()
const gatePort = await listening(gateServer, Number(args['gate-port']))
const controlPort = await listening(control, Number(args['control-port']))
process.stdout.write(JSON.stringify({
  control: `http://${HOST}:${controlPort}`,
  direct: `${HOST}:${grpcPort}`,
  endpoint: `${HOST}:${gatePort}`,
  pid: process.pid,
  token: args.token,
}) + '\n')

process.stdin.on('end', () => process.exit(0)).resume()
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => process.exit(0))
}
