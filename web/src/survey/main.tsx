/** @jsxImportSource preact */
import { render } from 'preact';
import '../tokens.css';
import '../base.css';

const root = document.getElementById('root');
if (root) render(<main />, root);
