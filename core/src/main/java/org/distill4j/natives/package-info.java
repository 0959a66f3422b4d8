/** How native libraries are loaded: what they read before, where they lie, and why they do not. */
package org.distill4j.natives;
