/** What a long step tells while it runs. */
package org.distill4j.progress;
