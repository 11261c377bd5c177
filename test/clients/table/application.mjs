// What an application around a client library does for its person: it approves at once, hands the library the
// code, and calls once more. Its credentials last as long as it does.
import { memory_provider, visit } from '../lib/oauth.mjs';

// A provider that takes a page without a redirect as its person would: there is no code.
class patient_provider extends memory_provider {
  // @ai-sdk/mcp asks; where nobody answers, a client that was forgotten is never registered again.
  isClientInformationDynamicallyRegistered() {
    return true;
  }
  async redirectToAuthorization(url) {
    this.callback = undefined;
    await super.redirectToAuthorization(url).catch(() => {});
  }
}

// library: { connect(url, provider), finish(url, provider) } as in ../lib/frameworks.mjs.
export async function application(library, url) {
  const provider = new patient_provider();
  let client;

  // `act`, and when a person was asked meanwhile, their answer and `act` again.
  async function with_a_person(act) {
    const before = provider.authorizations;
    try {
      return await act();
    } catch (error) {
      if (provider.authorizations === before) throw error;
      if (!provider.callback) throw new Error(`the browser shows an error: ${error.message}`);
      await library.finish(url, provider, fetch);
      return act();
    }
  }

  const connect = () => with_a_person(async () => (client = await library.connect(url, provider, fetch)));
  await connect();
  return {
    call: (tool, args) => with_a_person(() => client.call(tool, args)),
    async restart() {
      await client.close().catch(() => {});
      await connect();
    },
    close: () => client.close(),
  };
}
