// The same classes as `require('allonge')` gives.
export * from './index.cjs';
