/* SPDX-License-Identifier: GPL-3.0-or-later
   What the pages do more where the browser can: shows how far an upload is, and the passphrase.
   Without it everything works as plain forms.  Old JavaScript on purpose. */
(function () {
  'use strict';

  function add(parent, name, className) {
    var e = document.createElement(name);
    if (className) e.className = className;
    parent.appendChild(e);
    return e;
  }

  /* The message of a page of ours, for an upload that was refused. */
  function messageOf(html) {
    try {
      var page = new DOMParser().parseFromString(html, 'text/html');
      var notice = page.querySelector('.notice');
      return notice ? notice.textContent : '';
    } catch (e) {
      return '';
    }
  }

  function Upload(form) {
    var button = form.querySelector('button'), input = form.querySelector('input[type=file]');
    var most = Number(form.getAttribute('data-most')), said = -1;
    var bar = add(form, 'div', 'bar'), done = add(bar, 'div');
    var words = add(form, 'p');
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-label', '报送进度');
    bar.setAttribute('aria-valuemin', '0');
    bar.setAttribute('aria-valuemax', '100');
    bar.style.display = 'none';
    words.setAttribute('role', 'alert');

    function say(text, again) {
      words.textContent = text;
      button.disabled = !again;
    }
    function tooLarge() {
      var bytes = 0, i;
      for (i = 0; i < input.files.length; i++) bytes += input.files[i].size;
      return bytes > most * 1048576;
    }
    function progress(e) {
      if (!e.lengthComputable) return;
      var share = Math.floor(100 * e.loaded / e.total);
      done.style.width = share + '%';
      bar.setAttribute('aria-valuenow', share);
      if (share >= said + 10 || share === 100) {
        said = share;
        say(share === 100 ? '已传完，请稍等……' : '正在传，已传' + share + '%，请不要关掉这一页', false);
      }
    }
    function finish(request) {
      if (request.status >= 200 && request.status < 300) {
        location.href = request.responseURL;
      } else {
        bar.style.display = 'none';
        say(messageOf(request.responseText) || '没有收下，请再报一次。', true);
      }
    }
    form.addEventListener('submit', function (e) {
      if (tooLarge()) {
        e.preventDefault();
        say('文件太大（超过' + most + 'MB），请去掉照片等再报，或压缩成 .zip 再报。', true);
        return;
      }
      e.preventDefault();
      var request = new XMLHttpRequest();
      request.open('POST', form.getAttribute('action'));
      request.upload.addEventListener('progress', progress);
      request.addEventListener('load', function () { finish(request); });
      request.addEventListener('error', function () {
        bar.style.display = 'none';
        say('网络断了，文件没有传完。请检查网络，再按一次“报送”。', true);
      });
      said = -1;
      bar.style.display = 'block';
      say('正在传……', false);
      request.send(new FormData(form));
    });
  }

  function ShowPassphrase(input) {
    var label = add(input.parentNode, 'label'), box = add(label, 'input');
    input.parentNode.insertBefore(document.createElement('br'), label);
    label.style.fontWeight = 'normal';
    box.type = 'checkbox';
    box.addEventListener('change', function () {
      input.type = box.checked ? 'text' : 'password';
    });
    label.appendChild(document.createTextNode(' 显示口令'));
  }

  var passphrase = document.getElementById('passphrase');
  var form = document.querySelector && document.querySelector('form.upload');
  if (passphrase && passphrase.addEventListener) ShowPassphrase(passphrase);
  if (form && window.FormData && window.XMLHttpRequest &&
      'responseURL' in XMLHttpRequest.prototype) Upload(form);
})();
