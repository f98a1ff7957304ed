// Checks a receipt offline: node verify-receipt.mjs RECEIPT GENESIS. Exits with 1 and the error's code.
import { AllongeError, Receipt, Trust } from 'allonge';

const [receipt, genesis] = process.argv.slice(2);
try {
  const proved = (await Receipt.load(receipt)).verify(await Trust.load(genesis));
  const events = proved.events.map((record) => record.event.type).join(', ');
  console.log(`valid: ${proved.author} at height ${proved.height}: ${events}`);
} catch (error) {
  if (!(error instanceof AllongeError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
