// The same as `require('allonge/testing')` gives.
export * from './testing.cjs';
