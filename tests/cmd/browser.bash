# For the tests of pages: load browser. page.html, in which hostile text names the port 9
# of this machine, is opened in a real browser, or the test is skipped.

# browse: dom.html is what the browser made of page.html, page.png how it looks,
# browser.txt what it complained of; whatever it asks for over the net makes the file asked.
browse() {
	local browser flags server i
	browser=$(command -v chromium || command -v chromium-browser) || skip "there is no Chromium"
	cat >server.py <<-'END'
		import socket
		asked = socket.create_server(("127.0.0.1", 0))
		print(asked.getsockname()[1], flush=True)
		while True:
		    asked.accept()[0].close()
		    open("asked", "a").write("asked\n")
	END
	python3 server.py >port 3>&- &
	server=$!
	for i in {1..40}; do [ -s port ] && break; sleep 0.05; done
	sed -i "s/127.0.0.1:9/127.0.0.1:$(cat port)/g" page.html
	mkdir profile
	flags="--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --user-data-dir=$PWD/profile"
	# shellcheck disable=SC2086 # words
	timeout 60 "$browser" $flags --dump-dom "file://$PWD/page.html" >dom.html 2>browser.txt 3>&- ||
		{ kill $server; skip "Chromium does not run here"; }
	# shellcheck disable=SC2086 # words
	timeout 60 "$browser" $flags --screenshot="$PWD/page.png" "file://$PWD/page.html" 2>>browser.txt 3>&-
	kill $server
}

# harmless: the page asked nobody for anything and shows what is hostile as text.
harmless() {
	[ ! -e asked ] && [ -s page.png ] &&
		is "$(grep -c '<script\|<img' dom.html)" 0 &&
		has "$(cat dom.html)" '&lt;script&gt;document.title=' &&
		has "$(cat dom.html)" '</main>' &&
		is "$(grep -ci 'violates\|refused to' browser.txt)" 0 "the policy names the page's own style"
}
