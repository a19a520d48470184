#!/usr/bin/env node
import { dispatch } from '../dispatch.ts';

await dispatch(process.argv.slice(2));
