// complaints_about(message, revision, methods): what is wrong with one message of the server, as
// sentences. `methods` are those of the requests that a response may answer.
import { schemas, tasks_complaints } from './schemas.mjs';

const results = {
  initialize: 'InitializeResult',
  ping: 'EmptyResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
  'resources/list': 'ListResourcesResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/read': 'ReadResourceResult',
  'resources/subscribe': 'EmptyResult',
  'resources/unsubscribe': 'EmptyResult',
  'prompts/list': 'ListPromptsResult',
  'prompts/get': 'GetPromptResult',
  'completion/complete': 'CompleteResult',
  'logging/setLevel': 'EmptyResult',
  'server/discover': 'DiscoverResult',
  'subscriptions/listen': 'SubscriptionsListenResult',
  'tasks/get': 'GetTaskResult',
  'tasks/list': 'ListTasksResult',
  'tasks/update': 'UpdateTaskResult',
  'tasks/cancel': 'CancelTaskResult',
  'tasks/result': 'GetTaskPayloadResult',
};

// What a result is typed by: its request, unless it says itself that it is another kind.
function result_name(schema, method, result, revision) {
  if (revision === '2026-07-28') {
    if (result.resultType === 'input_required') return 'InputRequiredResult';
    // The Tasks extension has no part in the schema of the revision, but one of its own.
    if (result.resultType === 'task' || method?.startsWith('tasks/')) return 'Result';
  } else if (method === 'tools/call' && result.task && schema.has('CreateTaskResult')) return 'CreateTaskResult';
  const name = results[method];
  return name && schema.has(name) ? name : 'Result';
}

// The definition whose `method` is the constant `method`: each has exactly one.
function definition_of(schema, method, kind) {
  return Object.keys(schema.definitions).find(
    (name) => name.endsWith(kind) && !/^(Client|Server)/.test(name) && schema.definitions[name].properties?.method?.const === method,
  );
}

// What the Tasks extension of 2026-07-28 calls the result, if it is its.
function task_result_name(method, result, revision) {
  if (revision !== '2026-07-28') return undefined;
  if (result.resultType === 'task') return 'CreateTaskResult';
  return method?.startsWith('tasks/') ? results[method] : undefined;
}

function of_calls(schema, message, revision) {
  if (revision === '2026-07-28' && message.method === 'notifications/tasks')
    return [...schema.complaints('JSONRPCNotification', message), ...tasks_complaints('TaskStatusNotification', message)];
  const kind = message.id === undefined ? 'Notification' : 'Request';
  const name = definition_of(schema, message.method, kind);
  // 2026-07-28 knows no request of the server: it asks by input_required.
  const union = kind === 'Notification' ? 'ServerNotification' : 'ServerRequest';
  if (!schema.has(union)) return [`the revision knows no ${union}`];
  if (!name) return [`the revision knows no ${kind} ${message.method}`];
  return [...schema.complaints(name, message), ...schema.complaints(union, message)];
}

const errors_2026 = { '-32020': 'HeaderMismatchError', '-32021': 'MissingRequiredClientCapabilityError', '-32022': 'UnsupportedProtocolVersionError' };

function of_errors(schema, message, revision) {
  const name = schema.has('JSONRPCErrorResponse') ? 'JSONRPCErrorResponse' : 'JSONRPCError';
  // An id that could not be read is null (JSON-RPC 2.0 section 5). The schemas before 2025-11-25
  // have no way at all to say that, so it alone is looked away from.
  const shown = message.id === null && name === 'JSONRPCError' ? { ...message, id: 0 } : message;
  const found = schema.complaints(name, shown);
  const typed = revision === '2026-07-28' ? errors_2026[message.error?.code] : undefined;
  return typed ? [...found, ...schema.complaints(typed, message)] : found;
}

function of_results(schema, message, revision, methods) {
  const envelope = schema.has('JSONRPCResultResponse') ? 'JSONRPCResultResponse' : 'JSONRPCResponse';
  const found = schema.complaints(envelope, message);
  if (methods.length === 0) return [...found, 'a response to a request that was never sent'];
  const typed = methods.map((method) => {
    const of_task = task_result_name(method, message.result, revision);
    const complaints = schema.complaints(result_name(schema, method, message.result, revision), message.result);
    return of_task ? [...complaints, ...tasks_complaints(of_task, message.result)] : complaints;
  });
  return [...found, ...(typed.find((complaints) => complaints.length === 0) ?? typed[0])];
}

export function complaints_about(message, revision, methods) {
  const schema = schemas.get(revision);
  if (!schema) return [`unknown revision ${revision}`];
  const found = [];
  if (message?.method !== undefined) found.push(...of_calls(schema, message, revision));
  else if (message?.error !== undefined) found.push(...of_errors(schema, message, revision));
  else if (message?.result !== undefined) found.push(...of_results(schema, message, revision, methods));
  else found.push('neither request, notification nor response');
  return found;
}
